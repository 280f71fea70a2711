import { type Bytes, decodeCbor, equalBytes, fromBase64url } from '@attestel/core';
import {
  createCheckpointCache,
  type ServedReceiptOptions,
  type VerifiedReceipt,
  verifyServedReceipt,
} from '@attestel/proof';
import { fail } from '../errors.ts';
import { DID_MODULE, type DidState, headKey } from '../state/records.ts';
import type { ResolutionProof } from '../types.ts';
import { proofFailure } from './ledger-trust.ts';

type StateReceipt = VerifiedReceipt & { readonly kind: 'state' };

/**
 * The part of the ledger's state that a proof shows, about one DID, at one checkpoint.
 * @throws AppError of the codes of package proof; receipt_wrong_subject, proof_mixed, proof_malformed
 */
export async function verifiedState(
  did: string,
  { receipts }: ResolutionProof,
  options: ServedReceiptOptions,
): Promise<DidState> {
  const values = new Map<string, Bytes | undefined>();
  const trust = { ...options, cache: options.cache ?? createCheckpointCache() };
  let checkpoint: Bytes | undefined;
  // One after the other: the first brings the checkpoint that the others refer to.
  for (const text of receipts) {
    const verified = await verify(bytesOf(text), trust);
    assertAbout(did, verified, values);
    checkpoint ??= verified.checkpoint.hash;
    if (!equalBytes(checkpoint, verified.checkpoint.hash)) throw fail('proof_mixed');
    values.set(verified.key, verified.value);
  }
  return {
    get(key) {
      if (!values.has(key)) throw fail('proof_incomplete');
      const value = values.get(key);
      return value && decodeCbor(value);
    },
  };
}

async function verify(bytes: Bytes, options: ServedReceiptOptions): Promise<StateReceipt> {
  try {
    const verified = await verifyServedReceipt(bytes, options);
    if (verified.kind === 'state') return verified;
  } catch (error) {
    throw proofFailure(error);
  }
  throw fail('receipt_wrong_subject');
}

/** The head first, then versions, each once. */
function assertAbout(did: string, { module, key }: StateReceipt, known: ReadonlyMap<string, unknown>): void {
  const isOwn = known.size === 0 ? key === headKey(did) : key.startsWith(`version/${did}/`);
  if (module !== DID_MODULE || !isOwn || known.has(key)) throw fail('receipt_wrong_subject');
}

/** @throws AppError proof_malformed */
export function bytesOf(text: string): Bytes {
  try {
    return fromBase64url(text);
  } catch (cause) {
    throw fail('proof_malformed', { cause });
  }
}
