import { fillText, type Locale } from '@attestel/core';
import type { Texts } from './en.ts';

/** A time people read. @param seconds unix seconds */
export const timeText = (seconds: number, locale: Locale): string =>
  new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' }).format(seconds * 1000);

export const dayText = (seconds: number, locale: Locale): string =>
  new Intl.DateTimeFormat(locale, { dateStyle: 'medium' }).format(seconds * 1000);

/** With seconds: what receipts say. */
export const exactTimeText = (seconds: number, locale: Locale): string =>
  new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'long' }).format(seconds * 1000);

export const clockText = (seconds: number, locale: Locale): string =>
  new Intl.DateTimeFormat(locale, { timeStyle: 'short' }).format(seconds * 1000);

export const shareText = (share: number, locale: Locale): string =>
  new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 }).format(share);

export const numberText = (value: number, locale: Locale): string =>
  new Intl.NumberFormat(locale, { maximumFractionDigits: 2 }).format(value);

export const statusText = (status: string, t: Texts): string =>
  Object.hasOwn(t.statuses, status) ? (t.statuses[status] ?? status) : status;

export const countText = (count: number, t: Texts): string =>
  count === 1 ? t.modules.one : count === 0 ? t.modules.none : fillText(t.modules.objects, { count });
