import { fail } from '../errors.ts';
import { instantOf } from '../module/instant.ts';
import type { Context } from '../module/module.ts';

/** From when on something counts: half-open, unix seconds; until null: until something else ends it. */
export type Effect = { readonly from: number; readonly until: number | null };

/** As commands give it: RFC 3339. Without a begin: as soon as the notice allows. */
export type EffectText = { readonly validFrom?: string; readonly validUntil?: string };

/**
 * The effect that a command asks for.
 * @throws AppError invalid_argument, out_of_range for an empty or past period, notice_too_short
 */
export function effectOf(data: EffectText, context: Context, noticeSeconds: number): Effect {
  const earliest = context.time + noticeSeconds;
  const from = data.validFrom === undefined ? earliest : instantOf(data.validFrom, '/validFrom');
  const until = data.validUntil === undefined ? null : instantOf(data.validUntil, '/validUntil');
  if (from < context.time) throw fail('out_of_range', { field: '/validFrom', extra: { rule: 'past' } });
  if (from < earliest) {
    throw fail('notice_too_short', { field: '/validFrom', extra: { noticeSeconds, earliest } });
  }
  if (until !== null && until <= from) throw fail('out_of_range', { field: '/validUntil' });
  return { from, until };
}

export const counts = ({ from, until }: Effect, at: number): boolean =>
  from <= at && (until === null || at < until);

/** Of several versions, the one in force: the last published of those that have begun, unless it has ended. */
export function inForce<V extends Effect>(versions: readonly V[], at: number): V | undefined {
  const begun = versions.findLast(({ from }) => from <= at);
  return begun && counts(begun, at) ? begun : undefined;
}
