import { fail } from '../errors.ts';
import { instantOf, instantText } from '../module/instant.ts';
import type { JsonSchema } from '../module/module.ts';

const PATTERN = '^20[0-9]{2}(0[1-9]|1[0-2])$';
const YYYYMM = new RegExp(PATTERN);
const DAY = 86_400;

/** Day 0 of a spreadsheet's calendar as it holds from March 1900 on. */
const SPREADSHEET_EPOCH_DAYS = -25_569;

/** A month of usage, `yyyymm`. */
export const PERIOD: JsonSchema = { type: 'string', pattern: PATTERN };

/** @throws AppError invalid_argument */
export function periodOf(text: string, field: string): string {
  if (!YYYYMM.test(text)) throw fail('invalid_argument', { field, extra: { rule: 'yyyymm' } });
  return text;
}

/**
 * The month that a spreadsheet's day number stands for, as in `43466` for January 2019. Undefined for whatever is not
 * the first day of a month of this century: then nobody knows what was meant.
 */
export function periodOfDayNumber(text: string): string | undefined {
  if (!/^[1-9][0-9]{4}$/.test(text)) return undefined;
  const day = instantText((Number(text) + SPREADSHEET_EPOCH_DAYS) * DAY);
  const period = day.slice(0, 4) + day.slice(5, 7);
  return day.slice(8, 10) === '01' && YYYYMM.test(period) ? period : undefined;
}

/** First second of a period in UTC, unix seconds. */
export const periodStart = (period: string): number =>
  instantOf(`${period.slice(0, 4)}-${period.slice(4)}-01T00:00:00Z`, 'period');

/** Month that a time lies in, UTC. */
export const periodAt = (seconds: number): string => {
  const text = instantText(seconds);
  return text.slice(0, 4) + text.slice(5, 7);
};
