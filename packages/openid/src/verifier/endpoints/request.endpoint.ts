import type { HttpRequest, HttpResponse, Route } from '@attestel/core';
import { toBase64url } from '@attestel/core';
import { fail } from '../errors.ts';
import { type Flow, openFlow } from '../flow.ts';
import { findFlow, putFlow } from '../flow-store.ts';
import { parseForm } from '../form.ts';
import { REQUEST_OBJECT_TYPE, signRequestObject } from '../request-object.ts';
import { createResponseKey } from '../response-key.ts';
import type { VerifierContext } from '../verifier.ts';

const MAX_BODY_BYTES = 16 * 1024;
// §5.10: enough entropy against replay; the value comes back inside the signed object, so it is bounded.
const WALLET_NONCE = /^[\x21-\x7e]{1,256}$/;

/** Request object by reference, GET (RFC 9101 §5.2.3) and POST (OpenID4VP 1.0 §5.10). */
export function requestRoutes(context: VerifierContext): Route[] {
  const shared = { path: '/openid4vp/requests/:id', errors: 'oauth', cors: true } as const;
  return [
    {
      ...shared,
      method: 'GET',
      summary: 'Signed presentation request, for wallets',
      handle: (request) => answer(request, null, context),
    },
    {
      ...shared,
      method: 'POST',
      summary: 'Signed presentation request, bound to the nonce of a wallet',
      accepts: ['application/x-www-form-urlencoded'],
      maxBodyBytes: MAX_BODY_BYTES,
      handle: (request) => answer(request, walletNonce(request), context),
    },
  ];
}

function walletNonce(request: HttpRequest): string | null {
  const nonce = parseForm(request.body).get('wallet_nonce');
  if (nonce === undefined) return null;
  if (!WALLET_NONCE.test(nonce)) throw fail('request_parameter_invalid', { field: 'wallet_nonce' });
  return nonce;
}

async function answer(
  request: HttpRequest,
  nonce: string | null,
  context: VerifierContext,
): Promise<HttpResponse> {
  const flow = await open(request.params.id ?? '', nonce, context);
  const { options } = context;
  const body = await signRequestObject(flow, {
    clientId: options.clientId,
    kid: options.kid,
    signer: options.signer,
    responseUri: context.responseUri(flow),
    vct: options.vct,
    clock: options.clock,
  });
  return { status: 200, headers: { 'content-type': REQUEST_OBJECT_TYPE, 'cache-control': 'no-store' }, body };
}

async function open(id: string, nonce: string | null, context: VerifierContext): Promise<Flow> {
  const { store, clock, random } = context.options;
  const known = findFlow(store, id);
  if (!known) throw fail('request_unknown');
  const freshSession = (): string => toBase64url(random.bytes(16));
  const fetch = { walletNonce: nonce, freshSession, now: clock.now() };
  if (openFlow(known, fetch) === known) return known;
  const key = known.key ?? createResponseKey(id, await context.sealer());
  const flow = await store.transact((writer) => {
    const current = findFlow(writer, id);
    if (!current) throw fail('request_unknown');
    const next = openFlow(current, fetch);
    if (next === current) return current;
    const withKey = { ...next, key: next.key ?? key };
    putFlow(writer, withKey);
    return withKey;
  });
  context.notify(flow);
  return flow;
}
