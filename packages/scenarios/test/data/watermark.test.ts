import { type Bytes, sha256, utf8 } from '@attestel/core';
import { describe, expect, it } from 'vitest';
import {
  LEAK_SCORE,
  type Marking,
  matchBuyers,
  type Row,
  watermark,
  whoLeaked,
} from '../../src/data/watermark/watermark.ts';
import { createDraw } from '../../src/sample/draw.ts';

const ROWS = 10_000;
const BUYERS = 20;
const SEEDS = 100;

const columns = ['used', 'paid'];
const rowsOf = (seed: string): readonly Row[] => {
  const draw = createDraw(seed, 'rows');
  return Array.from({ length: ROWS }, (_, i) => ({
    id: `row-${i}`,
    used: String(draw.below(100_000)),
    paid: `${draw.below(1000)}.${String(draw.below(100)).padStart(2, '0')}`,
    note: 'same',
  }));
};
const MARKING: Marking = { primaryKey: 'id', columns };
const keysOf = (seed: string): ReadonlyMap<string, Bytes> =>
  new Map(Array.from({ length: BUYERS }, (_, i) => [`buyer ${i}`, sha256(utf8(`${seed} buyer ${i}`))]));

describe('watermark', () => {
  const rows = rowsOf('1');
  const keys = keysOf('1');
  const key = keys.get('buyer 0') as Bytes;
  const marked = watermark(rows, MARKING, key);

  it('changes a digit of one row in eight at most, by one, and nothing else', () => {
    const changed = marked.filter((row, i) => JSON.stringify(row) !== JSON.stringify(rows[i]));
    expect(changed.length).toBeGreaterThan(ROWS / 20);
    expect(changed.length).toBeLessThan(ROWS / 8);
    for (const [i, row] of marked.entries()) {
      const before = rows[i] as Row;
      expect([row.id, row.note]).toEqual([before.id, before.note]);
      for (const column of columns) {
        const [a = '', b = ''] = [before[column], row[column]];
        expect(b.slice(0, -1)).toBe(a.slice(0, -1));
        expect(Math.abs(Number(a.at(-1)) - Number(b.at(-1)))).toBeLessThanOrEqual(1);
      }
    }
  });

  it('fits all marks of its buyer, and those of others by chance', () => {
    const [own, ...others] = matchBuyers(marked, MARKING, keys);
    expect(own).toMatchObject({ buyer: 'buyer 0', fitting: own?.marked });
    expect(others.every(({ score }) => score < LEAK_SCORE)).toBe(true);
  });

  it('refuses a column that is no decimal number, and finds nothing in such rows or without columns', () => {
    const text = Array.from({ length: 50 }, (_, i) => ({ id: `row-${i}`, used: 'much', paid: 'more' }));
    expect(() => watermark(text, MARKING, key)).toThrow('no decimal number');
    const nothing = { marked: 0, fitting: 0, score: 0 };
    expect(matchBuyers(text, MARKING, keys)[0]).toMatchObject(nothing);
    expect(matchBuyers(marked, { ...MARKING, columns: [] }, keys)[0]).toMatchObject(nothing);
    expect(matchBuyers([], MARKING, keys)[0]).toMatchObject(nothing);
  });
});

describe('whoLeaked', () => {
  it('names the buyer of a leaked, shuffled and altered part, and no other, with a hundred seeds [D8]', () => {
    const rows = rowsOf('0');
    for (let seed = 0; seed < SEEDS; seed += 1) {
      const draw = createDraw(String(seed), 'leak');
      const buyers = keysOf(String(seed));
      const leaker = `buyer ${draw.below(BUYERS)}`;
      const sold = watermark(rows, MARKING, buyers.get(leaker) as Bytes);
      const leaked = sold
        .filter(() => draw.happens(300_000))
        .map((row) => (draw.happens(50_000) ? { ...row, used: String(draw.below(100_000)) } : row))
        .map((row) => [draw.id(), row] as const)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([, row]) => row);
      expect(whoLeaked(leaked, MARKING, buyers).map(({ buyer }) => buyer)).toEqual([leaker]);
    }
  }, 120_000);

  it('names nobody for rows that were never marked', () => {
    expect(whoLeaked(rowsOf('7'), MARKING, keysOf('7'))).toEqual([]);
  });
});
