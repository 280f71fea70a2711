import { json, type Route } from '@attestel/core';
import type { IssuerContext } from '../context.ts';
import { withDpopAnswers } from '../oauth/dpop-answers.ts';

/** Nonce endpoint (OID4VCI 1.0 §7). The answer also carries a DPoP-Nonce for the credential endpoint. */
export const nonceEndpoint = (issuer: IssuerContext): Route => ({
  method: 'POST',
  path: `${issuer.basePath}/nonce`,
  summary: 'Fresh c_nonce for key proofs',
  errors: 'oauth',
  maxBodyBytes: 1024,
  cors: true,
  handle: withDpopAnswers({ kind: 'resource', nonces: issuer.dpopNonces }, async () =>
    json({ c_nonce: await issuer.cNonces.issue() }, 200, { 'cache-control': 'no-store' }),
  ),
});
