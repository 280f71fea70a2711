import { algorithmOf, type Bytes, type CborValue, equalBytes } from '@attestel/core';
import { fail, invalidOperation } from '../errors.ts';
import type { OperationSignature } from '../operation.ts';

/** Bounds the verification work one operation can ask for. */
export const MAX_SIGNATURES = 16;
export const SIGNATURE_BYTES = 64;

/** `[[key, signature], …]` from hostile CBOR. @throws AppError naming field and rule */
export function parseSignatures(value: CborValue | undefined): readonly OperationSignature[] {
  if (!isList(value)) throw invalidOperation('/signatures', 'must be a list');
  if (value.length === 0) throw fail('signature_missing', { field: '/signatures' });
  if (value.length > MAX_SIGNATURES) {
    throw invalidOperation('/signatures', `must be at most ${MAX_SIGNATURES}`);
  }
  const parsed = value.map((item, i) => parseSignature(item, i));
  parsed.forEach(({ key }, i) => {
    const isRepeated = parsed.slice(0, i).some((earlier) => equalBytes(earlier.key, key));
    if (isRepeated) throw invalidOperation(`/signatures/${i}`, 'repeats a key');
  });
  return parsed;
}

function parseSignature(item: CborValue, index: number): OperationSignature {
  const field = `/signatures/${index}`;
  if (!isList(item) || item.length !== 2) throw invalidOperation(field, 'must be a pair');
  const [key, signature] = item;
  if (!(key instanceof Uint8Array) || !isMultikey(key)) {
    throw invalidOperation(field, 'key must be an Ed25519 or compressed P-256 multikey');
  }
  if (!(signature instanceof Uint8Array) || signature.length !== SIGNATURE_BYTES) {
    throw invalidOperation(field, `signature must be ${SIGNATURE_BYTES} bytes`);
  }
  return { key, signature };
}

function isMultikey(key: Bytes): boolean {
  try {
    algorithmOf(key);
    return true;
  } catch {
    return false;
  }
}

export const isList = (value: CborValue | undefined): value is readonly CborValue[] => Array.isArray(value);
