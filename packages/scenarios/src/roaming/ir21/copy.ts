import { canonicalizeJson, type JsonValue, sha256, toHex, utf8 } from '@attestel/core';
import { fail } from '../../errors.ts';
import type { Ir21 } from './normal-form.ts';

/** SHA-256 of the sheet's JCS form (RFC 8785), in hex: what two operators tell each other to compare copies. */
export const digestOfSheet = (sheet: Ir21): string =>
  toHex(sha256(utf8(canonicalizeJson(sheet as unknown as JsonValue))));

/** @throws AppError copy_differs */
export function checkCopy(sheet: Ir21, digest: string): void {
  if (digestOfSheet(sheet) !== digest) throw fail('copy_differs');
}
