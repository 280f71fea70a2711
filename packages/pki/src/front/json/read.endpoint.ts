import { json, type Route } from '@attestel/core';
import type { Ledger } from '@attestel/ledger';
import { checkCertificate } from '../../check-certificate.ts';
import { PKI_MODULE } from '../../state/records.ts';
import type { Pki } from '../../types.ts';
import { parseForm, parseHash, parseQuery, parseTime } from './query.ts';
import { withReceipts } from './receipt-header.ts';
import { toJson } from './to-json.ts';

export interface ReadEndpointOptions {
  readonly pki: Pki;
  readonly ledger: Pick<Ledger, 'state' | 'head'> & Partial<Pick<Ledger, 'proofs'>>;
}

const HEADERS = { 'cache-control': 'no-cache' };

/** What the ledger says of a certificate at a time; also that it was never published, which is an answer too. */
export const certificateEndpoint = ({ ledger }: ReadEndpointOptions): Route => ({
  method: 'GET',
  path: '/v1/pki/certificates/:hash',
  summary: 'Whether a certificate is good, by the SHA-256 of its DER; at=: at a time; with receipts',
  errors: 'problem',
  cors: true,
  handle({ url, params }) {
    const query = parseQuery(url, ['at', 'receipt']);
    const hash = parseHash(params.hash);
    const at = parseTime(query.at) ?? ledger.head().time;
    const { value, headers } = withReceipts((state) => checkCertificate(state, hash, at), {
      proofs: ledger.proofs,
      head: ledger.state(PKI_MODULE),
      form: parseForm(query.receipt),
    });
    return json(toJson(value), 200, { ...HEADERS, ...headers });
  },
});

/** Whom the alliance trusts, since when and until when, and the version of that list. */
export const anchorsEndpoint = ({ pki }: ReadEndpointOptions): Route => ({
  method: 'GET',
  path: '/v1/pki/anchors',
  summary: 'Trust anchors with their scopes, dates and standing; ended ones too',
  errors: 'problem',
  cors: true,
  handle({ url }) {
    parseQuery(url, []);
    return json({ version: pki.trustVersion(), at: pki.now(), anchors: toJson(pki.anchors()) }, 200, HEADERS);
  },
});

/** What vendors' production lines may make, and how much of it was published. */
export const batchesEndpoint = ({ pki }: ReadEndpointOptions): Route => ({
  method: 'GET',
  path: '/v1/pki/batches',
  summary: 'Batch authorisations with their terms, use and standing',
  errors: 'problem',
  cors: true,
  handle({ url }) {
    parseQuery(url, []);
    return json({ at: pki.now(), batches: toJson(pki.batches()) }, 200, HEADERS);
  },
});

export const relationsEndpoint = ({ pki }: ReadEndpointOptions): Route => ({
  method: 'GET',
  path: '/v1/pki/relations',
  summary: 'Relations between operators: anchors, network functions, slices, dates',
  errors: 'problem',
  cors: true,
  handle({ url }) {
    parseQuery(url, []);
    return json(
      { version: pki.trustVersion(), at: pki.now(), relations: toJson(pki.relations()) },
      200,
      HEADERS,
    );
  },
});

/** All published certificates that are not good; whoever has the rest of the numbers knows the rest. */
export const statusEndpoint = ({ pki }: ReadEndpointOptions): Route => ({
  method: 'GET',
  path: '/v1/pki/status',
  summary: 'Certificates that are suspended, revoked or superseded, by their number',
  errors: 'problem',
  cors: true,
  handle({ url }) {
    const { at } = parseQuery(url, ['at']);
    return json(toJson(pki.statusSet(parseTime(at) ?? pki.now())), 200, HEADERS);
  },
});
