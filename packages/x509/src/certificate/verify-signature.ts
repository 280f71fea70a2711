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
  if (!found || !fits(found.key, algorithm, signature)) return false;
  const options = algorithm.startsWith('rsa-pss')
    ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }
    : {};
  return verify(hashOf(algorithm), message, { key: found.object, dsaEncoding: 'der', ...options }, signature);
};

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
    return { key, object: createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' }) };
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
