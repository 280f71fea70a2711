import { type Bytes, isAppError } from '@attestel/core';
import { createProvingReads, type ProofSource } from '@attestel/ledger';
import { DID_MODULE, type DidState } from '../state/records.ts';
import { PROOF_TYPE, type ProofForm, type ResolutionProof } from '../types.ts';

/** State of DIDs as of the newest checkpoint that can be proven, and the proof of what was read of it. */
export interface ProvingState extends DidState {
  proof(salt?: Uint8Array): readonly [ResolutionProof];
}

export function createProvingState(proofs: ProofSource, form: Exclude<ProofForm, 'none'>): ProvingState {
  const { read, receipts } = createProvingReads(proofs, form);
  return {
    ...read(DID_MODULE),
    proof: (salt) => [
      {
        type: PROOF_TYPE,
        receipts: receipts().map(base64url),
        ...(salt === undefined ? {} : { salt: base64url(salt) }),
      },
    ],
  };
}

/** Node's own: a proof is a kilobyte or two of each answer. */
const base64url = ({ buffer, byteOffset, length }: Bytes): string =>
  Buffer.from(buffer, byteOffset, length).toString('base64url');

/** No checkpoint that could be proven from: nobody cosigns, or the quorum is far behind. */
export const isUnprovable = (error: unknown): boolean =>
  isAppError(error) && error.code === 'proof_unavailable';
