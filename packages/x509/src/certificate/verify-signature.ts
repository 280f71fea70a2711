import { constants, createPublicKey, type KeyObject, verify } from 'node:crypto';
import { type Bytes, isAppError, isStrictEd25519 } from '@attestel/core';
import { readUnsigned } from '../der/primitives.ts';
import { sequenceIn, TAG } from '../der/read.ts';
import { type CertificateSignatureAlgorithm, hashOf } from './algorithms.ts';
import type { Certificate } from './certificate.ts';
import { CURVES } from './curve-point.ts';
import { type PublicKey, parsePublicKey } from './public-key.ts';

/** Port: whether `signature` over `message` is by the key of `spki`. False on anything that does not fit. */
export type VerifySignature = (
  spki: Bytes,
  algorithm: CertificateSignatureAlgorithm,
  message: Bytes,
  signature: Bytes,
) => boolean;

interface KnownKey {
  readonly key: PublicKey;
  readonly object: KeyObject;
}

/** Issuers sign many: making a key object costs as much as a verification. Oldest used goes first. */
const KNOWN_KEYS = 256;
const known = new Map<string, KnownKey>();

/**
 * The port on node:crypto. Encodings are checked before it is asked, so that nodes with other versions of
 * OpenSSL decide alike: DER of ECDSA signatures, lengths of RSA ones, canonical points and scalars.
 */
export const verifySignature: VerifySignature = (spki, algorithm, message, signature) => {
  const found = keyOf(spki);
  return found !== undefined && verifyWith(found.object, found.key, { algorithm, message, signature });
};

/** The same for a key that was parsed already and signs little: no object is made of it, none kept. */
export const verifySignatureBy = (
  { spki, key }: Pick<Certificate, 'spki' | 'key'>,
  algorithm: CertificateSignatureAlgorithm,
  message: Bytes,
  signature: Bytes,
): boolean => {
  try {
    return verifyWith(pemOf(spki), key, { algorithm, message, signature });
  } catch {
    return false; // No signature is by a key that is none.
  }
};

interface Signed {
  readonly algorithm: CertificateSignatureAlgorithm;
  readonly message: Bytes;
  readonly signature: Bytes;
}

function verifyWith(
  handle: KeyObject | string,
  key: PublicKey,
  { algorithm, message, signature }: Signed,
): boolean {
  if (!fits(key, algorithm, signature)) return false;
  // As it is where that will do: Node takes half a verification's time to look into an object with options.
  return verify(
    hashOf(algorithm),
    message,
    algorithm.startsWith('rsa-pss') ? pss(handle) : handle,
    signature,
  );
}

const pss = (key: KeyObject | string) => ({
  key: typeof key === 'string' ? createPublicKey(key) : key,
  ...{ padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST },
});

/** Node reads PEM in a third of the time that DER takes it. */
const pemOf = (spki: Bytes): string =>
  `-----BEGIN PUBLIC KEY-----\n${Buffer.from(spki.buffer, spki.byteOffset, spki.length).toString('base64')}\n-----END PUBLIC KEY-----\n`;

/** RFC 5280 §6.1.3 (a)(1) for one certificate. */
export const verifyCertificateSignature = (
  certificate: Certificate,
  issuerSpki: Bytes,
  port: VerifySignature = verifySignature,
): boolean => port(issuerSpki, certificate.signatureAlgorithm, certificate.tbs, certificate.signature);

function keyOf(spki: Bytes): KnownKey | undefined {
  const id = Buffer.from(spki.buffer, spki.byteOffset, spki.length).toString('latin1');
  const hit = known.get(id);
  known.delete(id);
  const entry = hit ?? importKey(spki);
  if (!entry) return undefined;
  if (known.size >= KNOWN_KEYS) known.delete(known.keys().next().value as string);
  known.set(id, entry);
  return entry;
}

function importKey(spki: Bytes): KnownKey | undefined {
  try {
    const key = parsePublicKey(spki);
    return { key, object: createPublicKey(pemOf(spki)) };
  } catch {
    return undefined; // No signature is by a key that is none.
  }
}

function fits(key: PublicKey, algorithm: CertificateSignatureAlgorithm, signature: Bytes): boolean {
  switch (key.kind) {
    case 'Ed25519':
      return algorithm === 'ed25519' && isStrictEd25519(new Uint8Array(key.bytes), new Uint8Array(signature));
    case 'RSA':
      return algorithm.startsWith('rsa') && signature.length === key.modulus.length;
    case 'EC':
      return algorithm.startsWith('ecdsa') && isEcdsaSignature(signature, CURVES[key.curve].size);
  }
}

/** ECDSA-Sig-Value in DER with r and s from 1 up to the curve's size (RFC 5480 appendix A). */
function isEcdsaSignature(signature: Bytes, size: number): boolean {
  try {
    const cursor = sequenceIn(signature);
    const numbers = [readUnsigned(cursor.next(TAG.integer)), readUnsigned(cursor.next(TAG.integer))];
    cursor.end();
    return numbers.every((n) => n.length <= size && !(n.length === 1 && n[0] === 0));
  } catch (error) {
    if (isAppError(error)) return false;
    throw error;
  }
}
