import type { LineState } from './state.ts';

/** What a credential says about the line, each as its own disclosable claim. */
export interface LineFacts {
  /** UTC dates, `YYYY-MM-DD`: coarse, so that they tell fewer people apart. */
  readonly simChangedAt: string;
  readonly simUnchanged72h: boolean;
  readonly simUnchanged30d: boolean;
  readonly tenureOver1y: boolean;
  readonly bindingChangedAt: string;
  readonly bindingPending: boolean;
}

const DAY = 86_400;

/** @throws TypeError when the line has no person or no binding */
export function lineFacts(state: LineState, at: number): LineFacts {
  const binding = state.pending ?? state.binding;
  if (state.personSince === null || state.simChangedAt === null || binding === null) {
    throw new TypeError('line: nobody is bound to it');
  }
  const sim = at - state.simChangedAt;
  return {
    simChangedAt: utcDate(state.simChangedAt),
    simUnchanged72h: sim >= 3 * DAY,
    simUnchanged30d: sim >= 30 * DAY,
    tenureOver1y: at - state.personSince >= 365 * DAY,
    bindingChangedAt: utcDate(binding.at),
    bindingPending: state.pending !== null,
  };
}

/** `YYYY-MM-DD` of a time in unix seconds. */
export const utcDate = (seconds: number): string => new Date(seconds * 1000).toISOString().slice(0, 10);
