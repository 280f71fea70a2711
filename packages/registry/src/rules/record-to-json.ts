import { toBase64url } from '@attestel/core';

/** A record of the ledger as JSON: bytes become base64url. */
export function recordToJson(value: unknown): unknown {
  if (value instanceof Uint8Array) return toBase64url(value);
  if (Array.isArray(value)) return value.map(recordToJson);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, recordToJson(item)]));
}
