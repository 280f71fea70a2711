import {
  createHmac,
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  generateKeyPair,
  type KeyObject,
  randomBytes,
  sign as signWith,
} from 'node:crypto';
import { promisify } from 'node:util';
import type { Bytes } from '@attestel/core';
import { p256SignatureFromDer } from './p256-signature.ts';
import type { KeyAlgorithm } from './port.ts';

const RSA_BITS = 2048;
const SECRET_BYTES = 32;

const generatePair = promisify(generateKeyPair) as unknown as (
  type: string,
  options?: object,
) => Promise<{ privateKey: KeyObject }>;

/** A private or symmetric key from OpenSSL's generator: the random port is not asked for keys. */
export async function generateKey(algorithm: KeyAlgorithm): Promise<KeyObject> {
  switch (algorithm) {
    case 'EdDSA':
      return (await generatePair('ed25519')).privateKey;
    case 'ES256':
      return (await generatePair('ec', { namedCurve: 'P-256' })).privateKey;
    case 'RS256':
      return (await generatePair('rsa', { modulusLength: RSA_BITS })).privateKey;
    case 'HS256':
      return createSecretKey(randomBytes(SECRET_BYTES));
  }
}

/** JWS signature bytes (RFC 7518 §3.3, §3.4; RFC 8037 §3.1). */
export function signMessage(algorithm: KeyAlgorithm, key: KeyObject, message: Bytes): Bytes {
  if (algorithm === 'EdDSA') return toPlain(signWith(null, message, key));
  if (algorithm === 'ES256') return p256SignatureFromDer(signWith('sha256', message, key));
  if (algorithm === 'RS256') return toPlain(signWith('sha256', message, key));
  throw new TypeError('key material: this algorithm does not sign');
}

export const macMessage = (key: KeyObject, message: Bytes): Bytes =>
  toPlain(createHmac('sha256', key).update(message).digest());

/** Public members only (RFC 7517 §4, RFC 7518 §6): named one by one, so nothing private can slip in. */
export function publicJwkOf(key: KeyObject): Readonly<Record<string, string>> {
  const jwk = createPublicKey(key).export({ format: 'jwk' });
  const out: Record<string, string> = {};
  for (const name of ['kty', 'crv', 'x', 'y', 'n', 'e'] as const) {
    const value = jwk[name];
    if (typeof value === 'string') out[name] = value;
  }
  return out;
}

/** PKCS#8 DER, or the raw secret. For the encrypted file alone; the caller wipes it after use. */
export const exportKey = (key: KeyObject): Buffer =>
  key.type === 'secret' ? key.export() : key.export({ format: 'der', type: 'pkcs8' });

/** @throws when the bytes are no key of this algorithm */
export function importKey(algorithm: KeyAlgorithm, secret: Bytes): KeyObject {
  if (algorithm === 'HS256') {
    if (secret.length !== SECRET_BYTES) throw new TypeError('key material: secret of the wrong length');
    return createSecretKey(secret);
  }
  const key = createPrivateKey({ key: Buffer.from(secret), format: 'der', type: 'pkcs8' });
  if (algorithmOfKey(key) !== algorithm) throw new TypeError('key material: key of another algorithm');
  return key;
}

function algorithmOfKey(key: KeyObject): KeyAlgorithm | undefined {
  if (key.asymmetricKeyType === 'ed25519') return 'EdDSA';
  if (key.asymmetricKeyType === 'rsa') return 'RS256';
  return key.asymmetricKeyDetails?.namedCurve === 'prime256v1' ? 'ES256' : undefined;
}

/** Buffers come from a shared pool; what leaves the store owns its memory. */
const toPlain = (buffer: Buffer): Bytes => new Uint8Array(buffer);
