import { type Bytes, fromUtf8, type JsonValue, parseStrictJson } from '@attestel/core';
import { fail } from '../../errors.ts';
import { JSON_LIMITS } from '../../module/json-limits.ts';
import { MAX_PARCEL_BYTES } from './exchange-party.ts';

/** JSON of a message whose signature verified. @throws AppError exchange_malformed */
export function parseParcelJson(bytes: Bytes): JsonValue {
  if (bytes.length > MAX_PARCEL_BYTES) throw fail('exchange_malformed', { field: 'size' });
  try {
    return parseStrictJson(fromUtf8(bytes), JSON_LIMITS);
  } catch {
    throw fail('exchange_malformed');
  }
}
