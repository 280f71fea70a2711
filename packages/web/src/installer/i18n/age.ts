import type { Locale } from '@attestel/core';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How long something is ago, in words: exact where it matters, coarse where not. */
export function ageText(seconds: number, locale: Locale): string {
  const [amount, unit] = amountOf(Math.max(1, Math.floor(seconds)));
  return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' }).format(amount);
}

function amountOf(seconds: number): readonly [number, 'second' | 'minute' | 'hour' | 'day'] {
  if (seconds < 2 * MINUTE) return [seconds, 'second'];
  if (seconds < 2 * HOUR) return [Math.floor(seconds / MINUTE), 'minute'];
  if (seconds < 2 * DAY) return [Math.floor(seconds / HOUR), 'hour'];
  return [Math.floor(seconds / DAY), 'day'];
}

export const dateText = (seconds: number, locale: Locale): string =>
  new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' }).format(seconds * 1000);
