import type { Risk } from './failure-model.ts';

export interface PlannedInterval {
  readonly id: string;
  readonly days: number;
  /** Digest of the model card that the interval rests on; null: the interval of the template. */
  readonly model: string | null;
}

/** Half the interval for the tenth with the highest risk, paid for by twice the interval for the lowest fifth. */
const OFTEN = 10;
const SELDOM = 5;

/**
 * Intervals by risk, with no more visits than the fixed plan: f(risk) is ½ for the highest tenth, 2 for the lowest fifth, else 1.
 * @param ranked highest risk first @param days interval of the template
 */
export function planByRisk(ranked: readonly Risk[], days: number, model: string): readonly PlannedInterval[] {
  const often = Math.floor(ranked.length / OFTEN);
  const seldom = ranked.length - Math.max(2 * often, Math.floor(ranked.length / SELDOM));
  return ranked.map(({ id }, i) => {
    if (i < often) return { id, days: Math.ceil(days / 2), model };
    return i >= seldom ? { id, days: days * 2, model } : { id, days, model: null };
  });
}

/** Visits in a span of so many days, for each interval once begun. */
export const visitsOf = (plan: readonly PlannedInterval[], span: number): number =>
  plan.reduce((sum, { days }) => sum + span / days, 0);

/** Faults that visits come upon, if each comes upon those of its month: risk times visits. */
export function expectedFinds(
  plan: readonly PlannedInterval[],
  ranked: readonly Risk[],
  span: number,
): number {
  const risk = new Map(ranked.map(({ id, score }) => [id, score / 1_000_000]));
  return plan.reduce((sum, { id, days }) => sum + ((risk.get(id) ?? 0) * span) / days, 0);
}
