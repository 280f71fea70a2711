import { maskNumber } from '@attestel/credentials';
import type { ClaimName } from '../claims/catalogue.ts';
import type { Texts } from '../i18n/catalogue.ts';

/** A value as the consent page shows it: enough to recognise one's own number, not to read it over a shoulder. */
export function previewOf(claim: ClaimName, value: unknown, text: Texts): string {
  if (claim === 'phone_number') return maskNumber(value) ?? text('consent.not-shown');
  if (typeof value === 'boolean') return text(value ? 'value.true' : 'value.false');
  return String(value).slice(0, 100);
}
