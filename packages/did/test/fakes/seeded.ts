import {
  createECDH,
  createHash,
  createPrivateKey,
  createPublicKey,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';
import {
  type Bytes,
  type MultikeyBytes,
  multikeyFromJwk,
  multikeyToJwk,
  type Random,
  type SignatureAlgorithm,
  type Signer,
} from '@attestel/core';

/** Keys and randomness that come out the same in every run, from a name. */
export const digestOf = (text: string): Bytes => new Uint8Array(createHash('sha256').update(text).digest());

export function seededRandom(seed: string): Random {
  let counter = 0;
  return {
    bytes(length) {
      const out = new Uint8Array(length);
      for (let at = 0; at < length; at += 32) {
        out.set(digestOf(`${seed}/${counter++}`).subarray(0, length - at), at);
      }
      return out;
    },
  };
}

export function seededSigner(name: string, algorithm: SignatureAlgorithm = 'EdDSA'): Signer {
  const key = algorithm === 'EdDSA' ? ed25519Key(digestOf(name)) : p256Key(digestOf(name));
  return {
    algorithm,
    publicKey: multikeyFromJwk(createPublicKey(key).export({ format: 'jwk' })),
    sign: async (message) => new Uint8Array(sign(hashOf(algorithm), message, signingKey(key, algorithm))),
  };
}

export const publicKeyOf = (name: string, algorithm: SignatureAlgorithm = 'EdDSA'): MultikeyBytes =>
  seededSigner(name, algorithm).publicKey;

export function verifySignature(key: MultikeyBytes, message: Bytes, signature: Bytes): boolean {
  const jwk = multikeyToJwk(key);
  const algorithm = jwk.kty === 'OKP' ? 'EdDSA' : 'ES256';
  const publicKey = createPublicKey({ key: { ...jwk }, format: 'jwk' });
  return verify(hashOf(algorithm), message, signingKey(publicKey, algorithm), signature);
}

const hashOf = (algorithm: SignatureAlgorithm) => (algorithm === 'EdDSA' ? null : 'sha256');

const signingKey = (key: KeyObject, algorithm: SignatureAlgorithm) =>
  algorithm === 'EdDSA' ? key : ({ key, dsaEncoding: 'ieee-p1363' } as const);

const ed25519Key = (seed: Bytes): KeyObject =>
  createPrivateKey({
    key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]),
    format: 'der',
    type: 'pkcs8',
  });

function p256Key(seed: Bytes): KeyObject {
  const ecdh = createECDH('prime256v1');
  ecdh.setPrivateKey(seed);
  const point = ecdh.getPublicKey();
  const part = (from: number): string => point.subarray(from, from + 32).toString('base64url');
  return createPrivateKey({
    key: { kty: 'EC', crv: 'P-256', d: Buffer.from(seed).toString('base64url'), x: part(1), y: part(33) },
    format: 'jwk',
  });
}
