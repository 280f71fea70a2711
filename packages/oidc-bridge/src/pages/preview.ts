import type { ClaimName } from '../claims/catalogue.ts';
import type { Texts } from '../i18n/catalogue.ts';

/** A value as the consent page shows it: enough to recognise one's own number, not to read it over a shoulder. */
export function previewOf(claim: ClaimName, value: unknown, text: Texts): string {
  if (claim === 'phone_number') return maskNumber(String(value));
  if (typeof value === 'boolean') return text(value ? 'value.true' : 'value.false');
  return String(value).slice(0, 100);
}

/** `+8613800001111` → `+86138****1111`: at least half of the subscriber's digits hidden. */
export function maskNumber(number: string): string {
  const shown = Math.min(4, Math.max(0, Math.floor((number.length - 6) / 2)));
  const head = number.slice(0, number.length - 4 - shown);
  return `${head}${'*'.repeat(shown)}${number.slice(-4)}`;
}
