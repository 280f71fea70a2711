import { setImmediate, setTimeout } from 'node:timers/promises';
import { type Bytes, isAppError } from '@attestel/core';
import type { ProofSource, ReceiptForm } from '@attestel/ledger';
import { decodeReceipt } from '@attestel/proof';
import { certificates, PKI_MODULE } from '../../state/records.ts';
import type { ItemResult } from './item-results.ts';

/** Cosignatures come a moment after a block; they are not waited for any longer than five seconds. */
const LOOKS = 200;
const BETWEEN_LOOKS_MILLISECONDS = 25;
/** Receipts made in one go: a few thousandths of a second. */
const AT_ONCE = 100;

/** What a caller wants to have of each certificate that is published. */
export type WantedReceipts = ReceiptForm | 'none';

/**
 * Items of one operation, those that were published with their receipts: state receipts of `cert/<hash>` from the newest checkpoint
 * that a quorum has cosigned. Where none of those holds them in time, they are published all the same, and have no receipts.
 */
export async function withItemReceipts(
  proofs: ProofSource,
  results: readonly ItemResult[],
  wanted: WantedReceipts,
  pause: () => Promise<unknown> = () => setTimeout(BETWEEN_LOOKS_MILLISECONDS),
): Promise<readonly ItemResult[]> {
  const first = results.find(({ ok }) => ok);
  if (wanted === 'none' || !first?.ok || !(await isProvable(proofs, first.hash, pause))) return results;
  const out: ItemResult[] = [];
  for (const result of results) {
    // What one block published, all later checkpoints hold.
    out.push(result.ok ? { ...result, receipt: receiptOf(proofs, result.hash, wanted) } : result);
    if (out.length % AT_ONCE === 0) await setImmediate();
  }
  return out;
}

async function isProvable(proofs: ProofSource, hash: Bytes, pause: () => Promise<unknown>): Promise<boolean> {
  for (let looks = 1; ; looks++) {
    const bytes = receiptOf(proofs, hash, 'path');
    const receipt = bytes && decodeReceipt(bytes);
    if (receipt?.kind === 'state' && receipt.path.end.kind === 'own') return true;
    if (looks === LOOKS) return false;
    await pause();
  }
}

/** What is published has to be told, so whatever keeps the ledger from proving it leaves it without a receipt. */
function receiptOf(proofs: ProofSource, hash: Bytes, form: ReceiptForm): Bytes | undefined {
  try {
    return proofs.stateReceipt(PKI_MODULE, certificates.key(hash), form);
  } catch (error) {
    if (isAppError(error)) return undefined;
    throw error;
  }
}
