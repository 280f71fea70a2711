import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createKeyTable,
  ENTRY_BYTES,
  KEY_BYTES,
  type KeyTable,
  NAME_BYTES,
} from '../../../src/host/vault/key-table.ts';

// Few first bytes, so that names meet in one slot; the last byte tells them apart.
const name = fc
  .tuple(fc.constantFrom(0, 1, 255), fc.integer({ min: 0, max: 40 }))
  .map(([first, last]) => new Uint8Array(NAME_BYTES).fill(first, 0, 4).fill(last, NAME_BYTES - 1));
const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ add: name, key: fc.integer({ min: 1, max: 255 }) }) },
  { weight: 2, arbitrary: fc.record({ remove: name }) },
);

const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const entryOf = (of: Uint8Array, key: number): Uint8Array => {
  const entry = new Uint8Array(ENTRY_BYTES).fill(key);
  entry.set(of);
  return entry;
};

const bytesOf = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, 'hex'));

function contentOf(table: KeyTable): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const piece of table.pieces())
    for (let at = 0; at < piece.length; at += ENTRY_BYTES) {
      const entry = piece.subarray(at, at + ENTRY_BYTES);
      found.set(textOf(entry.subarray(0, NAME_BYTES)), textOf(entry.subarray(NAME_BYTES)));
    }
  return found;
}

describe('a table of keys', () => {
  it('has what a map would have, after whatever was added and deleted', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const table = createKeyTable();
        const map = new Map<string, string>();
        for (const one of steps) {
          if ('remove' in one) {
            expect(table.delete(one.remove)).toBe(map.delete(textOf(one.remove)));
            continue;
          }
          table.add(entryOf(one.add, one.key));
          const id = textOf(one.add);
          if (!map.has(id)) map.set(id, textOf(new Uint8Array(KEY_BYTES).fill(one.key)));
        }
        expect(table.size).toBe(map.size);
        const found = contentOf(table);
        for (const [id, key] of found) expect(textOf(table.get(bytesOf(id)) ?? bytesOf(''))).toBe(key);
        expect(found).toEqual(map);
      }),
    );
  });

  it('grows over many chunks and finds all', () => {
    const table = createKeyTable();
    const count = 20_000;
    const nameAt = (i: number): Uint8Array => {
      const bytes = new Uint8Array(NAME_BYTES);
      new DataView(bytes.buffer).setUint32(0, (i * 2654435761) % 2 ** 32);
      new DataView(bytes.buffer).setUint32(8, i);
      return bytes;
    };
    for (let i = 0; i < count; i += 1) table.add(entryOf(nameAt(i), (i % 255) + 1));
    for (let i = 0; i < count; i += 2) expect(table.delete(nameAt(i))).toBe(true);
    expect(table.size).toBe(count / 2);
    for (let i = 0; i < count; i += 1)
      expect(table.get(nameAt(i))?.[0]).toBe(i % 2 ? (i % 255) + 1 : undefined);
  });
});
