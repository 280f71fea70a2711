import { fromHex, type Route } from '@attestel/core';
import type { Ledger } from '@attestel/ledger';
import { fail } from '../errors.ts';
import { encodeCertificateProof, proveCertificate } from './certificate-proof.ts';

const HASH = /^[0-9a-f]{64}$/;
const TIME = /^[0-9]{1,15}$/;

/**
 * What the ledger says of a certificate, with receipts, for whoever has the certificate: it is named by the SHA-256 of
 * its DER. `at`: time that is asked about, unix seconds; without it, the last block's.
 */
export const certificateProofEndpoint = (ledger: Pick<Ledger, 'head' | 'proofs'>): Route => ({
  method: 'GET',
  path: '/v1/pki/certificates/:hash/proof',
  summary: 'Proof of inclusion and status of a certificate, or that it is not published (CBOR)',
  errors: 'problem',
  cors: true,
  async handle({ params, url }) {
    const { hash = '' } = params;
    if (!HASH.test(hash)) throw fail('pki_query_invalid', { field: 'hash' });
    const at = url.searchParams.get('at') ?? String(ledger.head().time);
    if (!TIME.test(at)) throw fail('pki_query_invalid', { field: 'at' });
    const proof = proveCertificate(ledger.proofs, fromHex(hash), Number(at));
    return {
      status: 200,
      headers: { 'content-type': 'application/cbor', 'cache-control': 'no-cache' },
      body: encodeCertificateProof(proof),
    };
  },
});
