import type { Route } from '@attestel/core';
import type { Ledger } from '@attestel/ledger';
import { fail } from '../../errors.ts';
import { encodeStatusProof, MAX_UNDER, proveStatus } from '../../status/status-proof.ts';
import { createStatusSetSource } from '../../status/status-set-source.ts';
import { parseHash, parseQuery } from './query.ts';

/**
 * All that a gateway needs to judge certificates by itself: which are not good, and how the anchors and batches stand
 * that they are under, with receipts of one checkpoint. `known`: root of the set that the asker has, which is then left out.
 */
export const statusSetEndpoint = (ledger: Pick<Ledger, 'state' | 'onBlock' | 'proofs'>): Route => {
  const setOf = createStatusSetSource(ledger);
  return {
    method: 'GET',
    path: '/v1/pki/status-set',
    summary:
      'The whole status set with proof of it (CBOR); known=: root of the set one has; anchors=, batches=: ids',
    errors: 'problem',
    cors: true,
    handle({ url }) {
      const { known, anchors, batches } = parseQuery(url, ['known', 'anchors', 'batches']);
      const under = { anchors: parseHashes(anchors), batches: parseHashes(batches) };
      if (under.anchors.length + under.batches.length > MAX_UNDER) {
        throw fail('pki_query_invalid', { field: 'anchors', extra: { limit: MAX_UNDER } });
      }
      const root = known === undefined ? undefined : parseHash(known);
      const proof = proveStatus(ledger.proofs, under, { setOf, known: root });
      return {
        status: 200,
        headers: { 'content-type': 'application/cbor', 'cache-control': 'no-cache' },
        body: encodeStatusProof(proof),
      };
    },
  };
};

/** Some SHA-256, with commas between. @throws AppError pki_query_invalid */
const parseHashes = (text = ''): readonly Uint8Array[] => (text === '' ? [] : text.split(',').map(parseHash));
