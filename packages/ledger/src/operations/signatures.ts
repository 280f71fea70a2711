import { algorithmOf, type Bytes, type CborValue, toHex } from '@attestel/core';
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
  const seen = new Set<string>();
  return value.map((item, i) => {
    const parsed = parseSignature(item, `/signatures/${i}`);
    const key = toHex(parsed.key);
    if (seen.has(key)) throw invalidOperation(`/signatures/${i}`, 'repeats a key');
    seen.add(key);
    return parsed;
  });
}

function parseSignature(item: CborValue, field: string): OperationSignature {
  if (!isList(item) || item.length !== 2) throw invalidOperation(field, 'must be a pair');
  const [key, signature] = item;
  if (!(key instanceof Uint8Array) || !isMultikey(key)) {
    throw invalidOperation(field, 'key must be an Ed25519 or compressed P-256 multikey');
  }
  if (!(signature instanceof Uint8Array) || signature.length !== SIGNATURE_BYTES) {
    throw invalidOperation(field, `signature must be ${SIGNATURE_BYTES} bytes`);
  }
  // Copies: the decoder's views would keep the whole request alive.
  return { key: new Uint8Array(key), signature: new Uint8Array(signature) };
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
