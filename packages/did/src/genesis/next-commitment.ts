import { type Bytes, compareBytes, concatBytes, type MultikeyBytes, toHex, utf8 } from '@attestel/core';
import { fail } from '../errors.ts';
import type { Sha256 } from '../sha256-port.ts';
import type { LedgerKey } from './control.schema.ts';

const NEXT_TAG = utf8('attestel/did-mno/next/v1\n');

/** Commitment to a key that has not been shown yet (specs/did-mno.md §4.3). */
export const nextCommitment = (key: MultikeyBytes, sha256: Sha256): Bytes =>
  sha256(concatBytes(NEXT_TAG, key));

/** Commitments in the order that signed lists require. */
export const commitNextKeys = (keys: readonly MultikeyBytes[], sha256: Sha256): readonly Bytes[] =>
  keys.map((key) => nextCommitment(key, sha256)).sort(compareBytes);

/**
 * A key has one use (§4.3): no key shown now is committed to again, and no ledger key is or will be
 * a control key. @throws AppError key_reused
 */
export function assertSeparateKeys(
  parts: {
    readonly keys: readonly MultikeyBytes[];
    readonly next: readonly Bytes[];
    readonly ledgerKeys: readonly LedgerKey[];
  },
  sha256: Sha256,
): void {
  const next = new Set(parts.next.map(toHex));
  const control = new Set(parts.keys.map(toHex));
  for (const key of parts.keys) {
    if (next.has(toHex(nextCommitment(key, sha256)))) throw fail('key_reused', { field: '/next' });
  }
  for (const [, key] of parts.ledgerKeys) {
    if (control.has(toHex(key)) || next.has(toHex(nextCommitment(key, sha256)))) {
      throw fail('key_reused', { field: '/ledgerKeys' });
    }
  }
}
