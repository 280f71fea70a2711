import { type Bytes, type CborValue, decodeCbor, equalBytes, fromBase64url } from '@attestel/core';
import {
  createCheckpointCache,
  type ServedReceiptOptions,
  type VerifiedReceipt,
  verifyServedReceipt,
} from '@attestel/proof';
import { fail } from '../errors.ts';
import { proofFailure } from './ledger-trust.ts';

type StateReceipt = VerifiedReceipt & { readonly kind: 'state' };

/** Reads state that receipts show. Asking for what none of them is about throws AppError proof_incomplete. */
export type VerifiedReads = (module: string) => { get(key: string): CborValue | undefined };

export interface VerifiedState {
  readonly read: VerifiedReads;
  /** Of the checkpoint, unix seconds: what happened later is in none of it. */
  readonly time: number;
}

type StateOptions = ServedReceiptOptions & { readonly expect: { module: string; key: string } };

/** {@link verifyState} where the time does not matter. */
export const verifiedReads = async (
  receipts: readonly Bytes[],
  options: StateOptions,
): Promise<VerifiedReads> => (await verifyState(receipts, options)).read;

/**
 * Verifies receipts of one checkpoint. The first has to be about `options.expect`.
 * @throws AppError of kind proof-failed: codes of package proof, receipt_wrong_subject, proof_missing, proof_mixed
 */
export async function verifyState(
  receipts: readonly Bytes[],
  { expect, ...options }: StateOptions,
): Promise<VerifiedState> {
  const values = new Map<string, Bytes | undefined>();
  const trust = { ...options, cache: options.cache ?? createCheckpointCache() };
  let checkpoint: StateReceipt['checkpoint'] | undefined;
  // One after the other: the first brings the checkpoint that the others refer to.
  for (const receipt of receipts) {
    const verified = await verify(receipt, checkpoint ? trust : { ...trust, expect });
    checkpoint ??= verified.checkpoint;
    if (!equalBytes(checkpoint.hash, verified.checkpoint.hash)) throw fail('proof_mixed');
    const name = nameOf(verified.module, verified.key);
    if (values.has(name)) throw fail('receipt_wrong_subject');
    values.set(name, verified.value);
  }
  if (!checkpoint) throw fail('proof_missing');
  const read: VerifiedReads = (module) => ({
    get(key) {
      const name = nameOf(module, key);
      if (!values.has(name)) throw fail('proof_incomplete');
      const value = values.get(name);
      return value && decodeCbor(value);
    },
  });
  return { read, time: checkpoint.time };
}

/** No module name holds U+0000 (specs/ledger.md §9). */
const nameOf = (module: string, key: string): string => `${module}\0${key}`;

async function verify(bytes: Bytes, options: ServedReceiptOptions): Promise<StateReceipt> {
  try {
    const verified = await verifyServedReceipt(bytes, options);
    if (verified.kind === 'state') return verified;
  } catch (error) {
    throw proofFailure(error);
  }
  throw fail('receipt_wrong_subject');
}

/** base64url of a proof. @throws AppError proof_malformed */
export function proofBytes(text: string): Bytes {
  try {
    return fromBase64url(text);
  } catch (cause) {
    throw fail('proof_malformed', { cause });
  }
}
