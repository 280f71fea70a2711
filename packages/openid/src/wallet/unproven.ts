import { isAppError } from '@attestel/core';
import { isProofFailure } from '@attestel/did/verify';
import { fail } from './errors.ts';

const CLOCKS: readonly string[] = ['checkpoint_stale', 'checkpoint_from_future'];

/**
 * What a node did not prove, as the wallet tells it: apart from other failures, because then somebody may be lying;
 * and a clock that is wrong apart from that. Undefined for anything else.
 */
export function unproven(cause: unknown): Error | undefined {
  if (!isProofFailure(cause)) return undefined;
  const code = CLOCKS.includes(cause.code) ? 'answer_stale' : 'answer_unproven';
  return fail(code, { detail: cause.code, cause });
}

/** Failures that say nothing about what was to be checked: they must not turn into "it is wrong". */
export const isUnanswered = (error: unknown): boolean =>
  isAppError(error) && ['resolver_unavailable', 'answer_unproven', 'answer_stale'].includes(error.code);
