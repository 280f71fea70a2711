import { type Bytes, type MultikeyBytes, toHex } from '@attestel/core';
import { fail } from '../errors.ts';
import { nextCommitment } from '../genesis/next-commitment.ts';
import type { Sha256 } from '../sha256-port.ts';
import type { HeadRecord } from './records.ts';

/**
 * Signatures count once per key, and only keys that the signed bytes name may sign: nobody can hang
 * an own signature on somebody's operation in the log.
 * @throws AppError signature_foreign, threshold_not_met
 */
export function assertThreshold(
  signers: readonly MultikeyBytes[],
  keys: readonly MultikeyBytes[],
  threshold: number,
): void {
  const signed = new Set(signers.map(toHex));
  const named = new Set(keys.map(toHex));
  for (const signer of signed) if (!named.has(signer)) throw fail('signature_foreign');
  if (signed.size < threshold) throw fail('threshold_not_met');
}

/**
 * Authority over an existing DID (specs/did-mno.md §6.2): every revealed key was committed to by the
 * operation before and signs now, and there are enough of them. Returns the commitments opened.
 * @throws AppError key_not_committed, signature_missing, signature_foreign, threshold_not_met
 */
export function assertRevealed(
  head: HeadRecord,
  keys: readonly MultikeyBytes[],
  signers: readonly MultikeyBytes[],
  sha256: Sha256,
): readonly Bytes[] {
  const committed = new Set(head.next.map(toHex));
  const commitments = keys.map((key) => nextCommitment(key, sha256));
  for (const commitment of commitments) {
    if (!committed.has(toHex(commitment))) throw fail('key_not_committed', { field: '/keys' });
  }
  assertThreshold(signers, keys, head.nextThreshold);
  const signed = new Set(signers.map(toHex));
  // A key shown without signing would be spent for nothing, perhaps by someone who only knows it.
  if (keys.some((key) => !signed.has(toHex(key)))) throw fail('signature_missing', { field: '/keys' });
  return commitments;
}
