const E164 = /^\+[1-9]\d{4,14}$/;

/**
 * A number short enough to recognise and too short to use: the last four digits, and as many of the
 * first as leave four hidden. Null for anything that is no E.164 number.
 */
export function maskNumber(value: unknown): string | null {
  if (typeof value !== 'string' || !E164.test(value)) return null;
  const china = /^\+86(\d{3})\d{4}(\d{4})$/.exec(value);
  if (china !== null) return `+86 ${china[1]}****${china[2]}`;
  const digits = value.slice(1);
  const head = digits.slice(0, Math.max(1, Math.min(4, digits.length - 8)));
  return `+${head}****${digits.slice(-Math.min(4, digits.length - 1 - head.length))}`;
}
