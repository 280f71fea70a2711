import { createHash, randomUUID } from 'node:crypto';
import type { CredentialOffer } from '../../../src/issuer/index.ts';
import { signJwt, type TestKey, testKey } from './foreign-wallet.ts';
import { type Answer, callRoutes } from './http.ts';
import type { Operator, World } from './world.ts';

const GRANT = 'urn:ietf:params:oauth:grant-type:pre-authorized_code';

type Members = Record<string, unknown>;

/** A wallet that sends what a test tells it to, right or wrong. */
export function rawClient(world: World, operator: Operator) {
  const dpopKey = testKey();
  const url = (path: string): string => `${operator.issuerUrl}${path}`;
  const call = (method: string, path: string, headers: Record<string, string> = {}, body?: string) =>
    callRoutes(operator.routes, { method, url: url(path), headers, ...(body === undefined ? {} : { body }) });

  const nonces = async (): Promise<{ cNonce: string; dpopNonce: string }> => {
    const answer = await call('POST', '/nonce');
    return { cNonce: String(answer.json().c_nonce), dpopNonce: String(answer.headers['dpop-nonce']) };
  };

  const dpop = async (
    path: string,
    change: { header?: Members; claims?: Members; key?: TestKey; token?: string } = {},
  ): Promise<string> => {
    const key = change.key ?? dpopKey;
    const ath = change.token && createHash('sha256').update(change.token).digest('base64url');
    const claims = {
      jti: randomUUID(),
      htm: 'POST',
      htu: url(path),
      iat: world.clock.seconds(),
      nonce: (await nonces()).dpopNonce,
      ...(ath === undefined ? {} : { ath }),
      ...change.claims,
    };
    return signJwt({ typ: 'dpop+jwt', alg: 'ES256', jwk: key.jwk, ...change.header }, claims, key);
  };

  const preAuthorizedCode = async (offer: CredentialOffer): Promise<string> => {
    const answer = await call('GET', `/offers/${offer.id}`);
    const grants = answer.json().grants as Record<string, Record<string, string>>;
    return String(grants[GRANT]?.['pre-authorized_code']);
  };

  const postToken = (form: Record<string, string> | string, proof?: string): Promise<Answer> =>
    call(
      'POST',
      '/token',
      {
        'content-type': 'application/x-www-form-urlencoded',
        ...(proof === undefined ? {} : { dpop: proof }),
      },
      typeof form === 'string' ? form : new URLSearchParams(form).toString(),
    );

  const redeem = async (code: string, txCode: string): Promise<Answer> =>
    postToken({ grant_type: GRANT, 'pre-authorized_code': code, tx_code: txCode }, await dpop('/token'));

  const keyProof = (
    cNonce: string | undefined,
    change: { header?: Members; claims?: Members; key?: TestKey; signedBy?: TestKey } = {},
  ): string => {
    const key = change.key ?? testKey();
    const header = { typ: 'openid4vci-proof+jwt', alg: 'ES256', jwk: key.jwk, ...change.header };
    const claims = { aud: operator.issuerUrl, iat: world.clock.seconds(), nonce: cNonce, ...change.claims };
    return signJwt(header, claims, change.signedBy ?? key);
  };

  const postCredential = async (
    token: string,
    body: unknown,
    change: { proof?: string; authorization?: string } = {},
  ): Promise<Answer> =>
    call(
      'POST',
      '/credential',
      {
        'content-type': 'application/json',
        authorization: change.authorization ?? `DPoP ${token}`,
        dpop: change.proof ?? (await dpop('/credential', { token })),
      },
      typeof body === 'string' ? body : JSON.stringify(body),
    );

  const accessToken = async (subscriptionId: string): Promise<string> => {
    const offer = await operator.issuer.createOffer({ subscriptionId });
    const answer = await redeem(await preAuthorizedCode(offer), offer.txCode);
    return String(answer.json().access_token);
  };

  const request = async (proofs: readonly string[], more: Members = {}) => ({
    credential_configuration_id: 'phone_number',
    proofs: { jwt: proofs },
    ...more,
  });

  const bindingStatement = (cNonce: string, holder: TestKey, claims: Members): string =>
    signJwt(
      { typ: 'attestel-binding+jwt', alg: 'ES256', jwk: holder.jwk },
      { aud: operator.issuerUrl, iat: world.clock.seconds(), nonce: cNonce, ...claims },
      holder,
    );

  return {
    GRANT,
    dpopKey,
    call,
    nonces,
    dpop,
    preAuthorizedCode,
    postToken,
    redeem,
    keyProof,
    postCredential,
    accessToken,
    request,
    bindingStatement,
  };
}

export type RawClient = ReturnType<typeof rawClient>;
