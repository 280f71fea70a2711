/**
 * A second settlement, written apart from the first and as plainly as can be: whole numbers of 10^-24, one row of
 * usage after another, no decimal library.
 */
const SCALE = 12;

const scaled = (text: string, digits = SCALE): bigint => {
  const [whole = '0', fraction = ''] = text.replace('-', '').split('.');
  if (fraction.length > digits) throw new Error(`${text}: too fine`);
  const value = BigInt(whole + fraction.padEnd(digits, '0'));
  return text.startsWith('-') ? -value : value;
};

/** Half to even, to cents. */
function cents(value: bigint): bigint {
  const unit = 10n ** BigInt(2 * SCALE - 2);
  const [floor, rest] = [value / unit, value % unit];
  if (rest * 2n > unit || (rest * 2n === unit && floor % 2n === 1n)) return floor + 1n;
  return floor;
}

export const centsText = (value: bigint): string =>
  `${value / 100n}.${String(value % 100n).padStart(2, '0')}`;

export const centsOf = (text: string): bigint => cents(scaled(text) * 10n ** BigInt(SCALE));

export interface NaiveTier {
  readonly start: string;
  readonly linearPrice?: string;
  readonly fixedPrice?: string;
}

/** @returns cents */
export function naivePrice(usages: readonly string[], tiers: readonly NaiveTier[]): bigint {
  const volume = usages.reduce((sum, usage) => sum + scaled(usage), 0n);
  let value = 0n;
  for (let index = tiers.length - 1; index >= 0; index -= 1) {
    const tier = tiers[index];
    const end = tiers[index + 1] ? scaled(tiers[index + 1]?.start ?? '') : volume;
    const start = scaled(tier?.start ?? '');
    const top = volume < end ? volume : end;
    if (top > start) {
      value += (top - start) * scaled(tier?.linearPrice ?? '0');
      value += scaled(tier?.fixedPrice ?? '0') * 10n ** BigInt(SCALE);
    }
  }
  return cents(value);
}
