import { setImmediate, setTimeout } from 'node:timers/promises';
import { type Bytes, isAppError } from '@attestel/core';
import { createProvingReads, type ProofSource, type ReceiptForm } from '@attestel/ledger';
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

/** Looks again only where there is something new to look at: many may wait at once, and for long, while witnesses are away. */
async function isProvable(proofs: ProofSource, hash: Bytes, pause: () => Promise<unknown>): Promise<boolean> {
  let looked: object | undefined;
  for (let looks = 1; ; looks++) {
    const source = unlessUnproven(() => proofs.source());
    if (source !== looked && unlessUnproven(() => readProven(proofs, hash))) return true;
    looked = source;
    if (looks === LOOKS) return false;
    await pause();
  }
}

const readProven = (proofs: ProofSource, hash: Bytes) =>
  certificates.get(createProvingReads(proofs, 'path').read(PKI_MODULE), hash);

const receiptOf = (proofs: ProofSource, hash: Bytes, form: ReceiptForm): Bytes | undefined =>
  unlessUnproven(() => proofs.stateReceipt(PKI_MODULE, certificates.key(hash), form));

/** What is published has to be told, so whatever keeps the ledger from proving it leaves it without a receipt. */
function unlessUnproven<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (isAppError(error)) return undefined;
    throw error;
  }
}
