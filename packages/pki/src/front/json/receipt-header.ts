import { type CborValue, isAppError, toBase64url } from '@attestel/core';
import { createProvingReads, type ProofSource, type ReceiptForm } from '@attestel/ledger';
import { fail } from '../../errors.ts';
import { PKI_MODULE } from '../../state/records.ts';

/** As of the registry's answers: receipts of all that an answer follows from, the asked record first. */
const RECEIPT_HEADER = 'attestel-receipt';
/** Clients refuse heads beyond 16 kB; what does not fit is to be had key by key at /v1/ledger/state. */
const MAX_HEADER_CHARACTERS = 12_000;

type ReadKey = { get(key: string): CborValue | undefined };

/**
 * Runs what makes an answer over proven state and names the receipts of all it read; without proofs, or where nobody
 * cosigns yet and none was asked for, over the state at the head.
 * @throws AppError pki_unproven, proof_unavailable where a receipt was asked for
 */
export function withReceipts<T>(
  answer: (state: ReadKey) => T,
  {
    proofs,
    head,
    form,
  }: { proofs: ProofSource | undefined; head: ReadKey; form: ReceiptForm | 'none' | undefined },
): { readonly value: T; readonly headers: Record<string, string> } {
  if (form === 'none' || (form === undefined && !proofs)) return { value: answer(head), headers: {} };
  if (!proofs) throw fail('pki_unproven');
  try {
    const proving = createProvingReads(proofs, form ?? 'path');
    const value = answer(proving.read(PKI_MODULE));
    const text = proving.receipts().map(toBase64url).join(', ');
    return { value, headers: text.length > MAX_HEADER_CHARACTERS ? {} : { [RECEIPT_HEADER]: text } };
  } catch (error) {
    const isLacking = isAppError(error) && error.code === 'proof_unavailable';
    if (form === undefined && isLacking) return { value: answer(head), headers: {} };
    throw error;
  }
}
