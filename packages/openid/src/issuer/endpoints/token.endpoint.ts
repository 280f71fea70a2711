import {
  type HttpRequest,
  type HttpResponse,
  json,
  type Route,
  toBase64url,
  unixSeconds,
} from '@attestel/core';
import type { IssuerContext } from '../context.ts';
import { fail } from '../errors.ts';
import { type DpopProof, verifyDpopProof } from '../oauth/dpop.ts';
import { withDpopAnswers } from '../oauth/dpop-answers.ts';
import { offerOfCode, openOffer, putOffer, txCodeMatches } from '../offers/offers.ts';
import { useOnce } from '../storage/used-once.ts';
import { addToken } from '../tokens/access-tokens.ts';
import { readForm } from './read-body.ts';

const GRANT = 'urn:ietf:params:oauth:grant-type:pre-authorized_code';

/** Token endpoint (OID4VCI 1.0 §6, RFC 6749 §5, RFC 9449 §5): pre-authorized code and transaction code. */
export const tokenEndpoint = (issuer: IssuerContext): Route => ({
  method: 'POST',
  path: `${issuer.basePath}/token`,
  summary: 'Exchange a pre-authorized code and transaction code for a DPoP-bound access token',
  errors: 'oauth',
  accepts: ['application/x-www-form-urlencoded'],
  maxBodyBytes: 8192,
  cors: true,
  handle: withDpopAnswers({ kind: 'token', nonces: issuer.dpopNonces }, async (request) => {
    const grant = readGrant(request);
    // Before the codes: a request that fails here costs no attempt.
    const proof = await verifyDpopProof({
      request,
      url: `${issuer.issuerUrl}/token`,
      nonces: issuer.dpopNonces,
      clock: issuer.clock,
    });
    const accessToken = await redeem(issuer, grant, proof);
    return answer(issuer, accessToken);
  }),
});

interface Grant {
  readonly code: string;
  readonly txCode: string;
}

/** §6.1, §6.3: which parameters there must be. Others are ignored. */
function readGrant(request: HttpRequest): Grant {
  const form = readForm(request);
  const grantType = form.get('grant_type');
  if (grantType === undefined) throw fail('request_malformed', { field: 'grant_type' });
  if (grantType !== GRANT) throw fail('grant_unsupported');
  const code = form.get('pre-authorized_code');
  if (code === undefined) throw fail('request_malformed', { field: 'pre-authorized_code' });
  const txCode = form.get('tx_code');
  if (txCode === undefined) throw fail('tx_code_missing', { field: 'tx_code' });
  return { code, txCode };
}

/**
 * Uses the code up and stores the token in one transaction. Of two requests at the same moment one wins;
 * a crash before the answer leaves a used code, which is refused, and a token nobody knows.
 */
async function redeem(issuer: IssuerContext, grant: Grant, proof: DpopProof): Promise<string> {
  const now = unixSeconds(issuer.clock);
  const found = offerOfCode(issuer.store, grant.code);
  // A stranger with keys of his own makes valid proofs without end: none of them costs a write.
  if (found === undefined) throw refused(issuer, 'code_invalid');
  const matches = await txCodeMatches(issuer, found, grant.txCode);
  const accessToken = toBase64url(issuer.random.bytes(32));
  const outcome = await issuer.store.transact((writer) => {
    if (!useOnce(writer, proof.once, now)) return 'replayed';
    const offer = openOffer(writer, found.id, now);
    if (offer === undefined || offer.wrongCodes >= issuer.limits.txCodeAttempts) return 'code_invalid';
    if (!matches) {
      // Counted durably before the answer, so that a crash gives no further guesses.
      putOffer(writer, { ...offer, wrongCodes: offer.wrongCodes + 1 });
      return 'tx_code_wrong';
    }
    putOffer(writer, { ...offer, usedAt: now });
    addToken(writer, accessToken, {
      subscriptionId: offer.subscriptionId,
      person: offer.person,
      method: offer.method,
      verifiedAt: offer.createdAt,
      jkt: proof.jkt,
      expiresAt: now + issuer.limits.tokenSeconds,
      requestsLeft: issuer.limits.requestsPerToken,
    });
    return 'token';
  });
  if (outcome === 'token') return accessToken;
  if (outcome === 'replayed') throw fail('dpop_invalid', { extra: { rule: 'jti used before' } });
  throw refused(issuer, outcome);
}

function refused(issuer: IssuerContext, reason: 'code_invalid' | 'tx_code_wrong'): Error {
  issuer.logger.info('token.refused', { reason });
  return fail(reason);
}

const answer = (issuer: IssuerContext, accessToken: string): HttpResponse =>
  json(
    { access_token: accessToken, token_type: 'DPoP', expires_in: issuer.limits.tokenSeconds },
    200,
    { 'cache-control': 'no-store' }, // RFC 6749 §5.1
  );
