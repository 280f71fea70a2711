import { type Clock, fromBase64url, type Random, toBase64url, unixSeconds, utf8 } from '@attestel/core';
import {
  type CallbackContext,
  clientAuthenticationAnonymous,
  type JweEncryptor,
  type JwtSigner,
  setGlobalConfig,
} from '@openid4vc/oauth2';
import { CompactEncrypt, importJWK } from 'jose';
import type { Fetch } from './guarded-fetch.ts';
import type { HolderJwk, WalletKeys } from './keys/wallet-keys.ts';

export interface ProtocolPorts {
  readonly fetch: Fetch;
  readonly keys: WalletKeys;
  readonly clock: Clock;
  readonly random: Random;
}

/**
 * The @openid4vc libraries check URL schemes against a switch of their own. It is opened once, because
 * {@link parseWebUrl} is the stricter gate in front of every request: https, or http on this machine.
 */
export const openLibraryUrlGate = (): void => setGlobalConfig({ allowInsecureUrls: true });

/** Names the key that signs for a public JWK; made per flow, so a flow can use only its own keys. */
export type KeyRefs = ReadonlyMap<HolderJwk['x'], string>;

/** Everything cryptographic the protocol libraries ask for, done by Web Crypto and the wallet's keys. */
export function createProtocolCallbacks(ports: ProtocolPorts, keyRefs: KeyRefs): CallbackContext {
  return {
    fetch: ports.fetch as CallbackContext['fetch'] & Fetch,
    hash: async (data, algorithm) =>
      new Uint8Array(await crypto.subtle.digest(algorithm.toUpperCase(), Uint8Array.from(data))),
    generateRandom: (length) => ports.random.bytes(length),
    signJwt: async (signer, jwt) => {
      const ref = refOf(signer, keyRefs);
      // Proofs and DPoP carry `iat`; the wallet's clock decides, not the library's.
      const payload =
        jwt.payload.iat === undefined ? jwt.payload : { ...jwt.payload, iat: unixSeconds(ports.clock) };
      const signed = `${encodeJson(jwt.header)}.${encodeJson(payload)}`;
      const signature = await ports.keys.sign(ref, utf8(signed));
      return {
        jwt: `${signed}.${toBase64url(signature)}`,
        signerJwk: { ...(await ports.keys.publicJwk(ref)) },
      };
    },
    encryptJwe,
    // The wallet trusts signatures only through DIDs and receives nothing encrypted: both fail closed.
    verifyJwt: () => ({ verified: false }),
    decryptJwe: () => ({ decrypted: false }),
    clientAuthentication: clientAuthenticationAnonymous(),
  };
}

function refOf(signer: JwtSigner, keyRefs: KeyRefs): string {
  const ref = signer.method === 'jwk' ? keyRefs.get(String(signer.publicJwk.x)) : undefined;
  if (ref === undefined) throw new TypeError('wallet: no key for this signer');
  return ref;
}

const encodeJson = (value: unknown): string => toBase64url(utf8(JSON.stringify(value)));

/** OpenID4VP 1.0 §8.3: unsigned JWE; `alg` and `kid` are those of the chosen key. */
async function encryptJwe(encryptor: JweEncryptor, data: string) {
  const { publicJwk, alg, enc, apu, apv } = encryptor;
  const key = await importJWK({ ...publicJwk, alg } as Parameters<typeof importJWK>[0], alg);
  const jwe = await new CompactEncrypt(utf8(data))
    .setProtectedHeader({ alg, enc, ...(publicJwk.kid === undefined ? {} : { kid: publicJwk.kid }) })
    .setKeyManagementParameters({
      ...(apu === undefined ? {} : { apu: fromBase64url(apu) }),
      ...(apv === undefined ? {} : { apv: fromBase64url(apv) }),
    })
    .encrypt(key);
  return { jwe, encryptionJwk: publicJwk };
}
