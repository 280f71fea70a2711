import { createCipheriv, hash } from 'node:crypto';
import type { Bytes } from '@attestel/core';

/** A row of a data set: text by column. */
export type Row = Readonly<Record<string, string>>;

/** What is marked in a data set, the same for all buyers. */
export interface Marking {
  /** Column that names the row. */
  readonly primaryKey: string;
  /** Decimal columns whose last digit may change by one. */
  readonly columns: readonly string[];
}

/** One row in so many has a mark. */
const GAP = 8;

/**
 * Marks rows for one buyer, in the manner of Agrawal and Kiernan: a keyed function of the primary key says which rows, which
 * column and whether its last digit becomes even or odd. A value changes by one in its last place at most.
 * @param key 32 bytes, of this buyer alone @throws TypeError where a column is no decimal number
 */
export function watermark(rows: readonly Row[], marking: Marking, key: Bytes): readonly Row[] {
  const marks = marksOf(namesOf(rows, marking), marking, key);
  return rows.map((row, i) => {
    const mark = marks[i];
    if (!mark) return row;
    const digits = row[mark.column] ?? '';
    if (!DECIMAL.test(digits)) throw new TypeError(`watermark: ${mark.column} is no decimal number`);
    return { ...row, [mark.column]: withParity(digits, mark.odd) };
  });
}

export interface Match {
  readonly buyer: string;
  /** Rows in which this buyer has a mark. */
  readonly marked: number;
  /** Of these, rows with the parity of the mark. */
  readonly fitting: number;
  /** Standard deviations above the half that chance gives, times 1000. */
  readonly score: number;
}

/** Six standard deviations: among twenty buyers and a hundred leaks, chance gets there once in half a million times. */
export const LEAK_SCORE = 6000;

/** Buyers whose marks the rows carry, the best fit first. Nobody, where chance explains it. */
export const whoLeaked = (
  rows: readonly Row[],
  marking: Marking,
  keys: ReadonlyMap<string, Bytes>,
): readonly Match[] => matchBuyers(rows, marking, keys).filter(({ score }) => score >= LEAK_SCORE);

/**
 * How well rows fit the marks of each buyer, the best first. Rows may be fewer than were sold, in another order, and changed
 * in part.
 */
export function matchBuyers(
  rows: readonly Row[],
  marking: Marking,
  keys: ReadonlyMap<string, Bytes>,
): readonly Match[] {
  const names = namesOf(rows, marking);
  const matches = [...keys].map(([buyer, key]) => {
    const fits = marksOf(names, marking, key).flatMap((mark, i) => {
      const digits = mark ? (rows[i]?.[mark.column] ?? '') : '';
      return mark && DECIMAL.test(digits) ? [isOdd(digits) === mark.odd] : [];
    });
    const [marked, fitting] = [fits.length, fits.filter(Boolean).length];
    const score = marked === 0 ? 0 : Math.round((1000 * (2 * fitting - marked)) / Math.sqrt(marked));
    return { buyer, marked, fitting, score };
  });
  return matches.sort((a, b) => b.score - a.score);
}

const DECIMAL = /^-?\d{1,30}(?:\.\d{1,30})?$/;
const BLOCK_BYTES = 16;

interface Mark {
  readonly column: string;
  readonly odd: boolean;
}

/** A block for each row, from its primary key. Not keyed: the same for all buyers. */
const namesOf = (rows: readonly Row[], { primaryKey }: Marking): Buffer =>
  Buffer.concat(rows.map((row) => hash('sha256', row[primaryKey] ?? '', 'buffer').subarray(0, BLOCK_BYTES)));

/** AES as the keyed function of a block: one call for all rows, where a MAC for each would take most of the time. */
function marksOf(names: Buffer, { columns }: Marking, key: Bytes): readonly (Mark | undefined)[] {
  const drawn = createCipheriv('aes-256-ecb', key, null).setAutoPadding(false).update(names);
  return Array.from({ length: names.length / BLOCK_BYTES }, (_, i) => {
    const at = i * BLOCK_BYTES;
    if (columns.length === 0 || drawn.readUInt32BE(at) % GAP !== 0) return undefined;
    const column = columns[drawn.readUInt32BE(at + 4) % columns.length] as string;
    return { column, odd: drawn.readUInt8(at + 8) % 2 === 1 };
  });
}

const isOdd = (digits: string): boolean => Number(digits.at(-1)) % 2 === 1;

/** The same number, or one whose last digit differs by one: never a carry, so the length stays. */
function withParity(digits: string, odd: boolean): string {
  const last = Number(digits.at(-1));
  if ((last % 2 === 1) === odd) return digits;
  return `${digits.slice(0, -1)}${odd ? last + 1 : last - 1}`;
}
