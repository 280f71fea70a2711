import type { Bytes } from '@attestel/core';
import { readNull, readOid, readSmallInteger } from '../der/primitives.ts';
import { contextTag, DerCursor, type DerElement, TAG } from '../der/read.ts';
import { der } from '../der/write.ts';
import { fail } from '../errors.ts';

/** Signature algorithms of certificates, CRLs and messages around them. */
export type CertificateSignatureAlgorithm =
  | 'ecdsa-sha256'
  | 'ecdsa-sha384'
  | 'ed25519'
  | 'rsa-sha256'
  | 'rsa-sha384'
  | 'rsa-sha512'
  | 'rsa-pss-sha256'
  | 'rsa-pss-sha384'
  | 'rsa-pss-sha512';

const OID_PSS = '1.2.840.113549.1.1.10';
const OID_MGF1 = '1.2.840.113549.1.1.8';

/** Parameters are absent for ECDSA and Ed25519 (RFC 5758 §3.2, RFC 8410 §3), NULL for RSA (RFC 4055 §5). */
const PLAIN: Readonly<Record<string, CertificateSignatureAlgorithm>> = {
  '1.2.840.10045.4.3.2': 'ecdsa-sha256',
  '1.2.840.10045.4.3.3': 'ecdsa-sha384',
  '1.3.101.112': 'ed25519',
  '1.2.840.113549.1.1.11': 'rsa-sha256',
  '1.2.840.113549.1.1.12': 'rsa-sha384',
  '1.2.840.113549.1.1.13': 'rsa-sha512',
};

const HASHES = {
  sha256: { oid: '2.16.840.1.101.3.4.2.1', length: 32 },
  sha384: { oid: '2.16.840.1.101.3.4.2.2', length: 48 },
  sha512: { oid: '2.16.840.1.101.3.4.2.3', length: 64 },
} as const;
type Hash = keyof typeof HASHES;

/** MD2, MD5 and SHA-1 with RSA, DSA or ECDSA: broken, so never "unknown" (TS 33.310 cl. 6.1.1). */
const REFUSED = new Set([
  '1.2.840.113549.1.1.2',
  '1.2.840.113549.1.1.3',
  '1.2.840.113549.1.1.4',
  '1.2.840.113549.1.1.5',
  '1.3.14.3.2.29',
  '1.2.840.10040.4.3',
  '1.2.840.10045.4.1',
]);

/** AlgorithmIdentifier of a signature. @throws AppError algorithm_refused, algorithm_unsupported, der_* */
export function readSignatureAlgorithm(identifier: DerElement): CertificateSignatureAlgorithm {
  const cursor = new DerCursor(identifier);
  const oid = readOid(cursor.next(TAG.oid));
  if (REFUSED.has(oid)) throw fail('algorithm_refused');
  if (oid === OID_PSS) return readPss(cursor);
  const algorithm = PLAIN[oid];
  if (!algorithm) throw fail('algorithm_unsupported', { detail: oid });
  if (algorithm.startsWith('rsa')) readNull(cursor.next());
  cursor.end();
  return algorithm;
}

/** RFC 4055 §3.1: MGF1 with the same hash, salt as long as the hash, the default trailer. */
function readPss(outer: DerCursor): CertificateSignatureAlgorithm {
  const parameters = new DerCursor(outer.next(TAG.sequence));
  outer.end();
  const hash = readHash(parameters.optional(contextTag(0)));
  const mask = inside(parameters.optional(contextTag(1)));
  if (readOid(mask.next(TAG.oid)) !== OID_MGF1 || readHashIn(mask.next(TAG.sequence)) !== hash) {
    throw fail('algorithm_unsupported', { detail: 'mask generation' });
  }
  mask.end();
  const salt = parameters.optional(contextTag(2));
  const length = salt ? readSmallInteger(only(salt, TAG.integer)) : 20;
  if (length !== HASHES[hash].length) throw fail('algorithm_unsupported', { detail: 'salt length' });
  parameters.end();
  return `rsa-pss-${hash}`;
}

function readHash(field: DerElement | undefined): Hash {
  // The default is SHA-1 (RFC 4055 §3.1).
  if (!field) throw fail('algorithm_refused');
  return readHashIn(only(field, TAG.sequence));
}

function readHashIn(identifier: DerElement): Hash {
  const cursor = new DerCursor(identifier);
  const oid = readOid(cursor.next(TAG.oid));
  if (!cursor.done) readNull(cursor.next());
  cursor.end();
  if (oid === '1.3.14.3.2.26' || oid === '1.2.840.113549.2.5') throw fail('algorithm_refused');
  const found = (Object.keys(HASHES) as Hash[]).find((name) => HASHES[name].oid === oid);
  if (!found) throw fail('algorithm_unsupported', { detail: oid });
  return found;
}

function inside(field: DerElement | undefined): DerCursor {
  if (!field) throw fail('algorithm_refused');
  return new DerCursor(only(field, TAG.sequence));
}

function only(field: DerElement, tag: number): DerElement {
  const cursor = new DerCursor(field);
  const element = cursor.next(tag);
  cursor.end();
  return element;
}

/** DER of the AlgorithmIdentifier. */
export function writeSignatureAlgorithm(algorithm: CertificateSignatureAlgorithm): Bytes {
  if (!algorithm.startsWith('rsa-pss-')) {
    const oid = Object.keys(PLAIN).find((key) => PLAIN[key] === algorithm) as string;
    return der.sequence(der.oid(oid), ...(algorithm.startsWith('rsa') ? [der.null()] : []));
  }
  const { oid, length } = HASHES[hashOf(algorithm) as Hash];
  const hash = der.sequence(der.oid(oid), der.null());
  const parameters = der.sequence(
    der.explicit(0, hash),
    der.explicit(1, der.sequence(der.oid(OID_MGF1), hash)),
    der.explicit(2, der.integer(length)),
  );
  return der.sequence(der.oid(OID_PSS), parameters);
}

/** Name of the hash as node:crypto calls it; null where the scheme hashes by itself. */
export const hashOf = (algorithm: CertificateSignatureAlgorithm): Hash | null =>
  algorithm === 'ed25519' ? null : (algorithm.slice(-6) as Hash);
