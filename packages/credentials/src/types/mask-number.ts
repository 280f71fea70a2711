const E164 = /^\+[1-9]\d{4,14}$/;

const HIDDEN = 4;

/**
 * A number as its owner recognises it and nobody can use it: at most four digits at each end, and at
 * least four hidden. Null for anything that is no E.164 number.
 */
export function maskNumber(value: unknown): string | null {
  if (typeof value !== 'string' || !E164.test(value)) return null;
  const china = /^\+86(\d{3})\d{4}(\d{4})$/.exec(value);
  if (china !== null) return `+86 ${china[1]}****${china[2]}`;
  const digits = value.slice(1);
  const tail = Math.min(4, Math.max(0, digits.length - HIDDEN - 1));
  const head = Math.min(4, Math.max(1, digits.length - HIDDEN - tail));
  return `+${digits.slice(0, head)}****${tail === 0 ? '' : digits.slice(-tail)}`;
}
