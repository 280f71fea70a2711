import { type AppError, isAppError } from '@attestel/core';
import { ProofError } from '@attestel/proof';
import type { Evidence } from './evidence.ts';
import type { Verdict } from './examine-note.ts';

/** Ends a round: the log is at fault. */
export class FaultFound {
  readonly evidence: Evidence;
  readonly shownBy: string;

  constructor(evidence: Evidence, shownBy: string) {
    this.evidence = evidence;
    this.shownBy = shownBy;
  }
}

export const faultIn = (verdict: Verdict): Evidence | undefined =>
  verdict.kind === 'fault' ? verdict.evidence : undefined;

const MIRROR_FAULTS: readonly AppError['code'][] = ['ledger_unreachable', 'answer_invalid'];

/** Undefined where no mirror is to blame. */
export function codeOfMirrorFault(error: unknown): string | undefined {
  if (error instanceof ProofError) return error.code;
  return isAppError(error) && MIRROR_FAULTS.includes(error.code) ? error.code : undefined;
}
