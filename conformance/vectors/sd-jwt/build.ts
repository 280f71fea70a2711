import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto';

// Raw building blocks for good and bad SD-JWTs: nothing here checks anything, and nothing of the code under
// test is used.

/** Private keys of the vectors: published, good for nothing else. */
const privateKey = (scalar: string): KeyObject =>
  createPrivateKey({
    // RFC 5915 inside PKCS #8, without the public key, which Node computes.
    key: Buffer.from(
      `3041020100301306072a8648ce3d020106082a8648ce3d030107042730250201010420${scalar}`,
      'hex',
    ),
    format: 'der',
    type: 'pkcs8',
  });

const ed25519 = (seed: string): KeyObject =>
  createPrivateKey({
    key: Buffer.from(`302e020100300506032b657004220420${seed}`, 'hex'),
    format: 'der',
    type: 'pkcs8',
  });

export const KEYS = {
  issuer: privateKey('11'.repeat(32)),
  holder: privateKey('22'.repeat(32)),
  stranger: privateKey('33'.repeat(32)),
  edHolder: ed25519('44'.repeat(32)),
};

/** Public JWK: kty, crv, x and y only. */
export function publicJwk(key: KeyObject): Record<string, string> {
  const { kty, crv, x, y } = createPublicKey(key).export({ format: 'jwk' });
  return (y === undefined ? { kty, crv, x } : { kty, crv, x, y }) as Record<string, string>;
}

export const b64 = (value: string | Uint8Array): string => Buffer.from(value).toString('base64url');
export const sha256 = (text: string): string => createHash('sha256').update(text).digest('base64url');

/** JSON of a value; a string is taken as JSON text that is already written. */
export const jsonText = (value: unknown): string =>
  typeof value === 'string' ? value : JSON.stringify(value);

export type SignWith = (input: string) => Uint8Array;

export const es256 =
  (key: KeyObject): SignWith =>
  (input) =>
    sign('sha256', Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' });

export const eddsa =
  (key: KeyObject): SignWith =>
  (input) =>
    sign(null, Buffer.from(input), key);

/** `header` and `payload` are values, or JSON texts where the text itself is the point. */
export function jws(header: unknown, payload: unknown, signWith: SignWith): string {
  const input = `${b64(jsonText(header))}.${b64(jsonText(payload))}`;
  return `${input}.${b64(signWith(input))}`;
}

/** Disclosure with a fixed salt; a string is JSON text as it stands. */
export const disclose = (parts: unknown): string => b64(jsonText(parts));
