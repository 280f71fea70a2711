import type { Locale } from '@attestel/core';
import { maskNumber } from '@attestel/openid/wallet';
import type { Texts } from './en.ts';

/** A date people read, from unix seconds. */
export const formatDate = (seconds: number, locale: Locale): string =>
  new Intl.DateTimeFormat(locale, { dateStyle: 'medium' }).format(new Date(seconds * 1000));

export const formatTime = (seconds: number, locale: Locale): string =>
  new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit' }).format(new Date(seconds * 1000));

export const claimLabel = (name: string, t: Texts): string => t.claims[name] ?? name;

/** A claim as the screens show it: the number masked, marks and records only named. */
export function claimText(name: string, value: unknown, t: Texts, locale: Locale): string {
  if (name === 'phone_number') return maskNumber(value) ?? '';
  if (name === 'subscription_handle') return t.values.handle ?? '';
  if (Array.isArray(value)) return (t.values.records ?? '').replace('{count}', String(value.length));
  if (typeof value === 'boolean') return value ? t.yes : t.no;
  if (typeof value !== 'string') return String(value);
  if (/^\d{4}-\d{2}-\d{2}$/.test(value)) return formatDay(value, locale);
  return (name === 'verification_method' ? t.values[value] : undefined) ?? value;
}

/** A calendar day without a time zone: the same day everywhere. */
const formatDay = (day: string, locale: Locale): string =>
  new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' }).format(
    new Date(`${day}T00:00:00Z`),
  );

/** Claims in the order of the catalogue, unknown ones last: issuers shuffle them. */
export function inOrder<T extends { readonly name: string }>(claims: readonly T[], t: Texts): T[] {
  const names = Object.keys(t.claims);
  const rank = (name: string): number => (names.includes(name) ? names.indexOf(name) : names.length);
  return [...claims].sort((a, b) => rank(a.name) - rank(b.name));
}
