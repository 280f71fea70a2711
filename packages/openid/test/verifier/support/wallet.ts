import { createHash, createPublicKey, randomBytes, verify } from 'node:crypto';
import { type Clock, multikeyFromText, multikeyToJwk, systemClock } from '@attestel/core';
import { createPresentation } from '@attestel/credentials/holder';
import type { DidResolver } from '@attestel/did';
import { Oauth2Error, setGlobalConfig } from '@openid4vc/oauth2';
import { Openid4vpClient } from '@openid4vc/openid4vp';
import { CompactEncrypt, importJWK } from 'jose';
import type { Card } from './consortium.ts';

setGlobalConfig({ allowInsecureUrls: true });

export { Oauth2Error };

/** What a test changes about an otherwise honest answer. */
export interface Tampering {
  readonly audience?: string;
  readonly nonce?: string;
  readonly clock?: Clock;
  readonly disclose?: readonly string[];
  readonly presentation?: (honest: string) => string;
  readonly walletNonce?: string;
  readonly state?: string;
  readonly header?: Record<string, unknown>;
}

export interface WalletRequest {
  readonly payload: Record<string, unknown> & {
    client_id: string;
    nonce: string;
    state: string;
    response_uri: string;
    client_metadata: { jwks: { keys: Record<string, string>[] } };
    dcql_query: { credentials: { claims: { path: string[] }[]; claim_sets: string[][] }[] };
    verifier_info: { format: string; data: string }[];
    wallet_nonce?: string;
  };
}

/** Reads and verifies a request with code that is not ours. */
export async function fetchRequest(
  link: string,
  resolver: DidResolver,
  options: { readonly method?: 'get' | 'post'; readonly walletNonce?: string } = {},
): Promise<WalletRequest> {
  const given = new URL(link).searchParams;
  const client = new Openid4vpClient({
    callbacks: {
      hash: (data: Uint8Array) => new Uint8Array(createHash('sha256').update(data).digest()),
      verifyJwt: async (signer: { method: string; didUrl?: string }, jwt: { compact: string }) =>
        verifyDidJwt(jwt.compact, signer.didUrl ?? '', resolver),
      fetch: (url: string, init: RequestInit) => fetch(url, withNonce(init, options.walletNonce)),
      generateRandom: (n: number) => randomBytes(n),
    } as never,
  });
  const resolved = await client.resolveOpenId4vpAuthorizationRequest({
    authorizationRequestPayload: {
      client_id: given.get('client_id') ?? '',
      request_uri: given.get('request_uri') ?? '',
      request_uri_method: options.method ?? 'get',
    } as never,
    ...(options.walletNonce === undefined
      ? {}
      : { wallet: { nonce: options.walletNonce, expectedNonce: options.walletNonce } as never }),
  });
  return { payload: resolved.authorizationRequestPayload as never };
}

/** The library forgets to send the wallet's nonce. */
const withNonce = (init: RequestInit, walletNonce: string | undefined): RequestInit =>
  walletNonce === undefined ? init : { ...init, body: new URLSearchParams({ wallet_nonce: walletNonce }) };

async function verifyDidJwt(compact: string, didUrl: string, resolver: DidResolver) {
  const { didDocument } = await resolver.resolve(didUrl.split('#')[0] ?? '');
  const method = didDocument?.verificationMethod.find(({ id }) => id === didUrl);
  if (!method) return { verified: false };
  const jwk = multikeyToJwk(multikeyFromText(method.publicKeyMultibase));
  const [header = '', body = '', signature = ''] = compact.split('.');
  const verified = verify(
    'sha256',
    Buffer.from(`${header}.${body}`),
    { key: createPublicKey({ format: 'jwk', key: { ...jwk } }), dsaEncoding: 'ieee-p1363' },
    Buffer.from(signature, 'base64url'),
  );
  return { verified, signerJwk: jwk };
}

/** Presents a card: the best claim set unless told otherwise, encrypted to the key of the request. */
export async function makeResponse(
  request: WalletRequest,
  card: Card,
  tampering: Tampering = {},
): Promise<{ response: string }> {
  const { payload } = request;
  const [query] = payload.dcql_query.credentials;
  const available = disclosable(card);
  const best = query?.claim_sets.find((set) => set.every((name) => available.has(name))) ?? [];
  const honest = await createPresentation({
    sdJwt: card.sdJwt,
    disclose: tampering.disclose ?? best,
    audience: tampering.audience ?? payload.client_id,
    nonce: tampering.nonce ?? payload.nonce,
    signer: card.holder,
    clock: tampering.clock ?? systemClock,
  });
  const presentation = tampering.presentation?.(honest) ?? honest;
  const answer = { vp_token: { phone: [presentation] }, state: tampering.state ?? payload.state };
  return { response: await encrypt(request, answer, tampering.header) };
}

export async function encrypt(
  request: WalletRequest,
  answer: unknown,
  header: Record<string, unknown> = {},
): Promise<string> {
  const [jwk] = request.payload.client_metadata.jwks.keys;
  if (!jwk) throw new TypeError('no key in the request');
  return new CompactEncrypt(Buffer.from(JSON.stringify(answer)))
    .setProtectedHeader({ alg: 'ECDH-ES', enc: 'A256GCM', kid: jwk.kid, ...header } as never)
    .encrypt(await importJWK(jwk, 'ECDH-ES'));
}

function disclosable(card: Card): Set<string> {
  const disclosures = card.sdJwt.split('~').slice(1, -1);
  return new Set(
    disclosures.map((d) => (JSON.parse(Buffer.from(d, 'base64url').toString()) as string[])[1] ?? ''),
  );
}

export async function post(
  uri: string,
  fields: Record<string, string>,
): Promise<{ status: number; body: Record<string, string> }> {
  const response = await fetch(uri, { method: 'POST', body: new URLSearchParams(fields) });
  return { status: response.status, body: (await response.json()) as Record<string, string> };
}

/** Fetch, present, post. */
export async function present(
  link: string,
  card: Card,
  resolver: DidResolver,
  tampering: Tampering = {},
): Promise<{ status: number; body: Record<string, string>; request: WalletRequest }> {
  const request = await fetchRequest(link, resolver, {
    method: tampering.walletNonce === undefined ? 'get' : 'post',
    ...(tampering.walletNonce === undefined ? {} : { walletNonce: tampering.walletNonce }),
  });
  const answer = await post(request.payload.response_uri, await makeResponse(request, card, tampering));
  return { ...answer, request };
}
