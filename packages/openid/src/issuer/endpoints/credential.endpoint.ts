import { type HttpRequest, isAppError, json, type Route, unixSeconds } from '@attestel/core';
import { approvesKey, type BindingStatement, verifyBindingStatement } from '../binding/binding-statement.ts';
import { CONFIGURATION_ID, type IssuerContext } from '../context.ts';
import { credentialValidity, issueCopies } from '../credential/issue-copies.ts';
import { type KeyProofs, verifyKeyProofs } from '../credential/key-proofs.ts';
import { takeKey } from '../credential/take-key.ts';
import { fail } from '../errors.ts';
import { copyOrigin } from '../line/copies.ts';
import { settleLine } from '../line/decide.ts';
import { type DpopProof, verifyDpopProof } from '../oauth/dpop.ts';
import { withDpopAnswers } from '../oauth/dpop-answers.ts';
import { addBatch } from '../status/copy-store.ts';
import { allocateIndices, type StatusIndex } from '../status/status-store.ts';
import { useOnce } from '../storage/used-once.ts';
import { type AppliedEvent, readSubscriber } from '../subscribers/apply-event.ts';
import { type AccessToken, readToken, updateToken } from '../tokens/access-tokens.ts';
import { credentialRequestSchema } from './credential-request.schema.ts';
import { readJson } from './read-body.ts';

/** Credential endpoint (OID4VCI 1.0 §8): a batch of phone number credentials, one per proven key. */
export const credentialEndpoint = (issuer: IssuerContext): Route => ({
  method: 'POST',
  path: `${issuer.basePath}/credential`,
  summary: 'Issue a batch of credentials, one per key proof',
  errors: 'oauth',
  accepts: ['application/json'],
  cors: true,
  handle: withDpopAnswers({ kind: 'resource', nonces: issuer.dpopNonces }, async (request) => {
    const access = await authorise(issuer, request);
    const wanted = readRequest(issuer, request);
    const proofs = await verifyKeyProofs(issuer, wanted.proofs);
    const statement =
      wanted.statement === undefined
        ? undefined
        : await verifyBindingStatement(issuer, wanted.statement, 'rebind');
    const batch = await reserve(issuer, { ...access, proofs, statement });
    const copies = await issueCopies(issuer, { ...batch, keys: proofs.keys });
    return json({ credentials: copies.map((credential) => ({ credential })) }, 200, {
      'cache-control': 'no-store',
    });
  }),
});

interface Access {
  readonly secret: string;
  readonly token: AccessToken;
  readonly dpop: DpopProof;
}

/** RFC 9449 §7: the token, and a proof by the key it is bound to. */
async function authorise(issuer: IssuerContext, request: HttpRequest): Promise<Access> {
  const { authorization } = request.headers;
  if (authorization === undefined) throw fail('token_missing');
  const secret = /^DPoP ([A-Za-z0-9_-]{43})$/i.exec(authorization)?.[1];
  if (secret === undefined) throw fail('token_invalid');
  const dpop = await verifyDpopProof({
    request,
    url: `${issuer.issuerUrl}/credential`,
    accessToken: secret,
    nonces: issuer.dpopNonces,
    clock: issuer.clock,
  });
  const token = readToken(issuer.store, secret, unixSeconds(issuer.clock));
  if (token === undefined || token.jkt !== dpop.jkt) throw fail('token_invalid');
  return { secret, token, dpop };
}

/** §8.2: what is asked for, checked down to the single proofs. */
function readRequest(issuer: IssuerContext, request: HttpRequest): { proofs: string[]; statement?: string } {
  const parsed = credentialRequestSchema.safeParse(parseJson(request));
  if (!parsed.success) {
    throw fail('credential_request_malformed', { field: `/${parsed.error.issues[0]?.path.join('/')}` });
  }
  const body = parsed.data;
  if (body.credential_identifier !== undefined) {
    const both = body.credential_configuration_id !== undefined;
    throw fail(both ? 'credential_request_malformed' : 'identifier_unknown', {
      field: '/credential_identifier',
    });
  }
  if (body.credential_configuration_id === undefined) {
    throw fail('credential_request_malformed', { field: '/credential_configuration_id' });
  }
  if (body.credential_configuration_id !== CONFIGURATION_ID) throw fail('configuration_unknown');
  if (body.credential_response_encryption !== undefined) throw fail('encryption_unsupported');
  const proofs = readProofs(body.proofs, issuer.limits.batchSize);
  return body.binding_statement === undefined ? { proofs } : { proofs, statement: body.binding_statement };
}

function parseJson(request: HttpRequest): unknown {
  try {
    return readJson(request);
  } catch (cause) {
    throw fail('credential_request_malformed', { cause });
  }
}

function readProofs(proofs: Record<string, unknown[]> | undefined, batchSize: number): string[] {
  if (proofs === undefined) throw fail('proof_invalid', { field: '/proofs' });
  const [type, ...others] = Object.keys(proofs);
  if (type !== 'jwt' || others.length > 0) throw fail('proof_invalid', { field: '/proofs' });
  const jwts = proofs.jwt as unknown[];
  if (jwts.length > batchSize) throw fail('credential_request_malformed', { field: '/proofs/jwt' });
  if (!jwts.every((jwt) => typeof jwt === 'string')) throw fail('proof_invalid', { field: '/proofs/jwt' });
  return jwts as string[];
}

/**
 * Everything the copies rest on, in one transaction: single use of proof and nonces, the key's binding,
 * status indices. Only then they are signed. A crash in between leaves indices nobody uses; the wallet
 * asks again with the same token.
 */
async function reserve(
  issuer: IssuerContext,
  request: Access & { readonly proofs: KeyProofs; readonly statement: BindingStatement | undefined },
) {
  const now = unixSeconds(issuer.clock);
  const validity = credentialValidity(issuer);
  const { keys } = request.proofs;
  const reserved = await issuer.store.transact((writer) => {
    if (!useOnce(writer, request.dpop.once, now)) {
      throw fail('dpop_invalid', { extra: { rule: 'jti used before' } });
    }
    const token = readToken(writer, request.secret, now);
    if (token === undefined || token.requestsLeft < 1) throw fail('token_invalid');
    updateToken(writer, request.secret, { ...token, requestsLeft: token.requestsLeft - 1 });
    const once = [...request.proofs.once, ...(request.statement?.once ?? [])];
    const isFresh = new Map(once.map((nonce) => [nonce.value, nonce])).values();
    for (const nonce of isFresh) if (!useOnce(writer, nonce, now)) throw fail('nonce_invalid');
    const applied = bindWallet(issuer, writer, { ...request, token, now });
    const origin = copyOrigin(applied.subscriber.line);
    const size = issuer.statusListSize;
    const indices: StatusIndex[] = allocateIndices(writer, keys.length, { random: issuer.random, size });
    const holders = keys.map((key) => key.thumbprint);
    const batch = { origin, expiresAt: validity.exp, indices, holders };
    addBatch(writer, token.subscriptionId, batch, { random: issuer.random, now });
    return { ...applied, indices, verification: { method: token.method, at: token.verifiedAt } };
  });
  issuer.statuses.changed(reserved.changedLists);
  return { ...reserved, validity };
}

/** @throws AppError issuance_denied: the line changed since the offer, or does not allow this key now */
function bindWallet(
  issuer: IssuerContext,
  writer: Parameters<typeof readToken>[0] & Parameters<typeof updateToken>[0],
  request: {
    readonly token: AccessToken;
    readonly statement: BindingStatement | undefined;
    readonly now: number;
  },
): AppliedEvent {
  const { subscriptionId, person, jkt } = request.token;
  // Settled first: a key whose time is over has no say any more.
  const line = settleLine(readSubscriber(writer, subscriptionId).line, request.now);
  if (line.person !== person) throw fail('issuance_denied');
  const oldKey =
    request.statement !== undefined &&
    approvesKey(writer, request.statement, { subscriptionId, line, key: jkt });
  if (request.statement !== undefined && !oldKey) throw fail('binding_statement_invalid');
  try {
    const { policy } = issuer;
    return takeKey(writer, { subscriptionId, key: jkt, oldKey, at: request.now, policy });
  } catch (error) {
    if (!isAppError(error) || error.code !== 'event_refused') throw error;
    throw fail('issuance_denied', { extra: error.extra });
  }
}
