import type { Route } from '@attestel/core';
import type { Ledger } from '@attestel/ledger';
import { encodeCertificateProof } from '../../proof/certificate-proof.ts';
import { proveCertificate } from '../../proof/prove-certificate.ts';
import { parseHash, parseQuery, parseTime } from './query.ts';

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
  handle({ params, url }) {
    const { at } = parseQuery(url, ['at']);
    const proof = proveCertificate(
      ledger.proofs,
      parseHash(params.hash),
      parseTime(at) ?? ledger.head().time,
    );
    return {
      status: 200,
      headers: { 'content-type': 'application/cbor', 'cache-control': 'no-cache' },
      body: encodeCertificateProof(proof),
    };
  },
});
