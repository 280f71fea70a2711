import { toBase64, toHex } from '@attestel/core';

const HASH_BYTES = 32;

/** A record as JSON: hashes and ids in hex, everything else that is bytes in base64. */
export function toJson(value: unknown): unknown {
  if (value instanceof Uint8Array) return value.length === HASH_BYTES ? toHex(value) : toBase64(value);
  if (Array.isArray(value)) return value.map(toJson);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toJson(item)]));
}
