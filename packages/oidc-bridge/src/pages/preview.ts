import type { ClaimName } from '../claims/catalogue.ts';
import type { Texts } from '../i18n/catalogue.ts';

/** A value as the consent page shows it: enough to recognise one's own number, not to read it over a shoulder. */
export function previewOf(claim: ClaimName, value: unknown, text: Texts): string {
  if (claim === 'phone_number') return maskNumber(String(value));
  if (typeof value === 'boolean') return text(value ? 'value.true' : 'value.false');
  return String(value).slice(0, 100);
}

/** `+8613800001111` → `+86138****1111`: four digits or more are hidden, of short numbers most. */
export function maskNumber(number: string): string {
  const digits = number.replace(/^\+/, '');
  const hidden = Math.min(digits.length, Math.max(4, Math.ceil(digits.length * 0.3)));
  const tail = Math.min(digits.length >= 10 ? 4 : 2, digits.length - hidden);
  const head = digits.length - hidden - tail;
  return `+${digits.slice(0, head)}${'*'.repeat(hidden)}${digits.slice(digits.length - tail)}`;
}
