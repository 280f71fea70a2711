import { decodeCbor, isAppError, toBase64url } from '@attestel/core';
import type { ProofSource } from '@attestel/ledger';
import { decodeReceipt } from '@attestel/proof';
import { DID_MODULE, type DidState } from '../state/records.ts';
import { PROOF_TYPE, type ProofForm, type ResolutionProof } from '../types.ts';

/** State as of the newest checkpoint that can be proven, and the proof of what was read of it. */
export interface ProvingState extends DidState {
  proof(salt?: Uint8Array): readonly [ResolutionProof];
}

/**
 * Reads through receipts: an answer then says what its proof says, also where the ledger has gone on since its last
 * cosigned checkpoint. The reads of one answer must not be interrupted: they belong to one checkpoint.
 */
export function createProvingState(proofs: ProofSource, form: Exclude<ProofForm, 'none'>): ProvingState {
  const receipts = new Map<string, Uint8Array>();
  const receiptOf = (key: string): Uint8Array => {
    const known = receipts.get(key);
    if (known) return known;
    // The first one brings the checkpoint for all.
    const receipt = proofs.stateReceipt(DID_MODULE, key, receipts.size === 0 ? form : 'path');
    receipts.set(key, receipt);
    return receipt;
  };
  return {
    get(key) {
      const receipt = decodeReceipt(receiptOf(key));
      if (receipt.kind !== 'state') throw new TypeError('ledger: no receipt of state');
      const { end } = receipt.path;
      return end.kind === 'own' ? decodeCbor(end.value) : undefined;
    },
    proof: (salt) => [
      {
        type: PROOF_TYPE,
        receipts: Array.from(receipts.values(), toBase64url),
        ...(salt === undefined ? {} : { salt: toBase64url(salt) }),
      },
    ],
  };
}

/** No checkpoint that could be proven from: nobody cosigns, or the quorum is far behind. */
export const isUnprovable = (error: unknown): boolean =>
  isAppError(error) && error.code === 'proof_unavailable';
