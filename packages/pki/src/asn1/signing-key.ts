import { type Bytes, fromBase64url, multikeyFromJwk, type Signer } from '@attestel/core';
import type { KeyAlgorithm, KeyRef, KeyStore } from '@attestel/keystore';
import {
  type CertificateSignatureAlgorithm,
  der,
  ecdsaSignatureFromRaw,
  publicKeyOfMultikey,
  writeSignatureAlgorithm,
  writeSpki,
} from '@attestel/x509';
import { fail } from './errors.ts';

/** A private key that stays in its key store, as certificates and messages need it. */
export interface SigningKey {
  readonly algorithm: CertificateSignatureAlgorithm;
  /** DER SubjectPublicKeyInfo. */
  readonly spki: Bytes;
  /** Content of the signature's BIT STRING. */
  sign(message: Bytes): Promise<Bytes>;
}

const ALGORITHMS = { ES256: 'ecdsa-sha256', EdDSA: 'ed25519', RS256: 'rsa-sha256' } as const;

export function signingKeyOf(signer: Signer): SigningKey {
  const { algorithm } = signer;
  return {
    algorithm: ALGORITHMS[algorithm],
    spki: writeSpki(publicKeyOfMultikey(signer.publicKey)),
    sign: async (message) => asX509(algorithm, await signer.sign(message)),
  };
}

/** Also for RSA keys, which have no multikey. @throws AppError key_not_found, signing_key_refused */
export async function keyStoreSigningKey(store: KeyStore, ref: KeyRef): Promise<SigningKey> {
  const jwk = await store.publicJwk(ref);
  const algorithm = (await store.find(ref))?.algorithm;
  if (algorithm === undefined || algorithm === 'HS256') throw fail('signing_key_refused');
  return {
    algorithm: ALGORITHMS[algorithm],
    spki: algorithm === 'RS256' ? rsaSpki(jwk) : ownSpki(jwk),
    sign: async (message) => asX509(algorithm, await store.sign(ref, message)),
  };
}

type Jwk = Readonly<Record<string, string>>;

const ownSpki = (jwk: Jwk): Bytes =>
  writeSpki(publicKeyOfMultikey(multikeyFromJwk(jwk as unknown as Parameters<typeof multikeyFromJwk>[0])));

function rsaSpki({ n = '', e = '' }: Jwk): Bytes {
  const [modulus, exponent] = [fromBase64url(n), fromBase64url(e)];
  return writeSpki({ kind: 'RSA', modulus, exponent, bits: modulus.length * 8 });
}

/** ECDSA signatures of key stores are r‖s (RFC 7518 §3.4); X.509 has them in DER. */
const asX509 = (algorithm: KeyAlgorithm, signature: Bytes): Bytes =>
  algorithm === 'ES256' ? ecdsaSignatureFromRaw(signature) : signature;

/** DER of the AlgorithmIdentifier of a key's signatures. */
export const identifierOf = (key: Pick<SigningKey, 'algorithm'>): Bytes => {
  const known = IDENTIFIERS.get(key.algorithm) ?? writeSignatureAlgorithm(key.algorithm);
  IDENTIFIERS.set(key.algorithm, known);
  return known;
};

const IDENTIFIERS = new Map<CertificateSignatureAlgorithm, Bytes>();

/** SIGNED{} (RFC 5280 §4.1.1): what certificates and revocation lists have in common. */
export const signWith = async (key: SigningKey, tbs: Bytes): Promise<Bytes> =>
  der.sequence(tbs, identifierOf(key), der.bitString(await key.sign(tbs)));
