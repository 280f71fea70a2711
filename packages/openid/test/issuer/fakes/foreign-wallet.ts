import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import type { Route } from '@attestel/core';
import {
  type CallbackContext,
  clientAuthenticationAnonymous,
  type JwtSigner,
  setGlobalConfig,
} from '@openid4vc/oauth2';
import { Openid4vciClient } from '@openid4vc/openid4vci';
import { fetchInto } from './http.ts';

export interface TestKey {
  readonly privateKey: KeyObject;
  readonly jwk: { kty: string; crv: string; x: string; y: string };
}

export function testKey(): TestKey {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { privateKey, jwk: publicKey.export({ format: 'jwk' }) as TestKey['jwk'] };
}

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

export function signJwt(header: object, payload: object, key: TestKey): string {
  const input = `${encode(header)}.${encode(payload)}`;
  const signature = sign('sha256', Buffer.from(input), { key: key.privateKey, dsaEncoding: 'ieee-p1363' });
  return `${input}.${signature.toString('base64url')}`;
}

/** A wallet made of the @openid4vc client libraries: nothing of ours decides what is sent. */
export function foreignWallet(routesOf: (origin: string) => readonly Route[] | undefined, now: () => number) {
  setGlobalConfig({ allowInsecureUrls: true });
  const keys = new Map<string, TestKey>();
  const makeKey = (): TestKey => {
    const key = testKey();
    keys.set(key.jwk.x, key);
    return key;
  };
  const callbacks = callbacksWith(keys, routesOf, now);
  const client = new Openid4vciClient({ callbacks });
  const dpopKey = makeKey();
  const dpop = { signer: { method: 'jwk', alg: 'ES256', publicJwk: dpopKey.jwk } as const };

  return {
    client,
    dpopKey,
    makeKey,
    /** The whole way from a link to stored credentials. */
    async receive(offerUri: string, txCode: string, copies = 3, wanted: { dpopKey?: TestKey } = {}) {
      const own = wanted.dpopKey;
      if (own) keys.set(own.jwk.x, own);
      const signer = own ? ({ method: 'jwk', alg: 'ES256', publicJwk: own.jwk } as const) : dpop.signer;
      const credentialOffer = await client.resolveCredentialOffer(offerUri);
      const issuerMetadata = await client.resolveIssuerMetadata(credentialOffer.credential_issuer);
      const token = await client.retrievePreAuthorizedCodeAccessTokenFromOffer({
        credentialOffer,
        issuerMetadata,
        txCode,
        dpop: { signer },
      });
      const { c_nonce: nonce } = await client.requestNonce({ issuerMetadata });
      const holders = Array.from({ length: copies }, makeKey);
      const jwt = await Promise.all(
        holders.map(async (holder) => {
          const proof = await client.createCredentialRequestJwtProof({
            issuerMetadata,
            nonce,
            issuedAt: new Date(now()),
            credentialConfigurationId: 'phone_number',
            signer: { method: 'jwk', alg: 'ES256', publicJwk: holder.jwk },
          });
          return proof.jwt;
        }),
      );
      const { credentialResponse } = await client.retrieveCredentials({
        issuerMetadata,
        accessToken: token.accessTokenResponse.access_token,
        credentialConfigurationId: 'phone_number',
        proofs: { jwt },
        dpop: { signer, ...(token.dpop?.nonce === undefined ? {} : { nonce: token.dpop.nonce }) },
      });
      const credentials = (credentialResponse.credentials ?? []).map(
        (item) => (item as { credential: string }).credential,
      );
      return { credentials, holders, issuerMetadata, token: token.accessTokenResponse };
    },
  };
}

function callbacksWith(
  keys: ReadonlyMap<string, TestKey>,
  routesOf: (origin: string) => readonly Route[] | undefined,
  now: () => number,
): CallbackContext {
  return {
    fetch: fetchInto(routesOf),
    hash: (data, algorithm) => createHash(algorithm.replace('-', '')).update(data).digest(),
    generateRandom: (length) => randomBytes(length),
    signJwt: (signer: JwtSigner, { header, payload }) => {
      const key = signer.method === 'jwk' ? keys.get(String(signer.publicJwk.x)) : undefined;
      if (key === undefined) throw new TypeError('no key');
      const timely = payload.iat === undefined ? payload : { ...payload, iat: Math.floor(now() / 1000) };
      return { jwt: signJwt(header, timely, key), signerJwk: key.jwk };
    },
    verifyJwt: () => ({ verified: false }),
    encryptJwe: () => {
      throw new TypeError('not used');
    },
    decryptJwe: () => ({ decrypted: false }),
    clientAuthentication: clientAuthenticationAnonymous(),
  };
}
