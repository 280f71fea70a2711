import type { Bytes, JsonValue } from '@attestel/core';
import { fail } from '../../errors.ts';
import { parseBoundedJson } from './bounded-json.ts';
import { MAX_PARCEL_BYTES } from './exchange-party.ts';

/** JSON of a message whose signature verified. @throws AppError exchange_malformed */
export function parseParcelJson(bytes: Bytes): JsonValue {
  if (bytes.length > MAX_PARCEL_BYTES) throw fail('exchange_malformed', { field: 'size' });
  try {
    return parseBoundedJson(bytes);
  } catch {
    throw fail('exchange_malformed');
  }
}
