import { createHash, generateKeyPairSync, type KeyObject, randomUUID, sign } from 'node:crypto';
import { type HttpRequest, type HttpResponse, type Route, utf8 } from '@attestel/core';
import type { Issuer } from '@attestel/openid/issuer';

const GRANT = 'urn:ietf:params:oauth:grant-type:pre-authorized_code';

/** A credential request that is ready to be handled. */
export type PreparedRequest = () => Promise<HttpResponse>;

interface Key {
  readonly privateKey: KeyObject;
  readonly jwk: object;
}

/** The wallet's side of OpenID4VCI up to the credential request, over the route table. */
export function createClient(options: { issuer: Issuer; issuerUrl: string; batch: number }) {
  const { issuer, issuerUrl, batch } = options;
  const now = (): number => Math.floor(Date.now() / 1000);
  const call = (method: Route['method'], path: string, rest: Partial<HttpRequest> = {}): PreparedRequest => {
    const { route, params } = find(issuer.routes, method, path);
    const { signal } = new AbortController();
    const url = new URL(issuerUrl + path);
    return async () => route.handle({ method, url, params, headers: {}, body: utf8(''), signal, ...rest });
  };
  const dpop = (key: Key, path: string, claims: object): string =>
    signJwt(
      { typ: 'dpop+jwt', alg: 'ES256', jwk: key.jwk },
      { jti: randomUUID(), htm: 'POST', htu: issuerUrl + path, iat: now(), ...claims },
      key,
    );
  const nonces = async (): Promise<{ cNonce: string; dpopNonce: string }> => {
    const answer = await call('POST', '/nonce')();
    return { cNonce: field(answer, 'c_nonce'), dpopNonce: String(answer.headers?.['dpop-nonce']) };
  };
  const accessToken = async (subscriptionId: string, key: Key, nonce: string): Promise<string> => {
    const offer = await issuer.createOffer({ subscriptionId });
    const answer = await call('GET', `/offers/${offer.id}`)();
    const { grants } = parse(answer) as { grants: Record<string, Record<string, string>> };
    const code = grants[GRANT]?.['pre-authorized_code'] ?? '';
    const form = { grant_type: GRANT, 'pre-authorized_code': code, tx_code: offer.txCode };
    const headers = {
      'content-type': 'application/x-www-form-urlencoded',
      dpop: dpop(key, '/token', { nonce }),
    };
    const body = utf8(new URLSearchParams(form).toString());
    return field(await call('POST', '/token', { headers, body })(), 'access_token');
  };
  return {
    /** Everything up to the credential request of a subscriber, with a key proof per copy. */
    async prepare(subscriptionId: string): Promise<PreparedRequest> {
      const key = newKey();
      const { cNonce, dpopNonce } = await nonces();
      const token = await accessToken(subscriptionId, key, dpopNonce);
      const proofs = Array.from({ length: batch }, () => keyProof(issuerUrl, cNonce, now()));
      const ath = createHash('sha256').update(token).digest('base64url');
      const headers = {
        'content-type': 'application/json',
        authorization: `DPoP ${token}`,
        dpop: dpop(key, '/credential', { ath, nonce: dpopNonce }),
      };
      const body = { credential_configuration_id: 'phone_number', proofs: { jwt: proofs } };
      return call('POST', '/credential', { headers, body: utf8(JSON.stringify(body)) });
    },
  };
}

function keyProof(aud: string, nonce: string, iat: number): string {
  const key = newKey();
  return signJwt({ typ: 'openid4vci-proof+jwt', alg: 'ES256', jwk: key.jwk }, { aud, iat, nonce }, key);
}

function newKey(): Key {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { privateKey, jwk: publicKey.export({ format: 'jwk' }) };
}

function signJwt(header: object, claims: object, { privateKey: key }: Key): string {
  const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const input = `${encode(header)}.${encode(claims)}`;
  const signature = sign('sha256', Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' });
  return `${input}.${signature.toString('base64url')}`;
}

function find(routes: readonly Route[], method: Route['method'], path: string) {
  const [, first, id] = path.split('/');
  const pattern = id === undefined ? `/${first}` : `/${first}/:id`;
  const route = routes.find((candidate) => candidate.method === method && candidate.path === pattern);
  if (!route) throw new TypeError(`bench: no route ${method} ${pattern}`);
  return { route, params: id === undefined ? {} : { id } };
}

const parse = (answer: HttpResponse): unknown => JSON.parse(String(answer.body));
const field = (answer: HttpResponse, name: string): string =>
  String((parse(answer) as Record<string, unknown>)[name]);
