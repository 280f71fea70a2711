import { hash } from 'node:crypto';
import type { Bytes } from '@attestel/core';

export const NAME_BYTES = 16;
export const KEY_BYTES = 32;
export const ENTRY_BYTES = NAME_BYTES + KEY_BYTES;
const CHUNK_ENTRIES = 8192;

/** What stands for a name in the file and in memory: no two names that occur have the same. */
export const shortName = (name: string): Bytes => hash('sha256', name, 'buffer').subarray(0, NAME_BYTES);

/** Keys by their names, millions of them, in little more memory than the keys themselves. */
export interface KeyTable {
  readonly size: number;
  /** In the table's own memory: not to be kept. */
  get(name: Bytes): Bytes | undefined;
  /** Entries side by side, as in the file; of those that are there already the first key counts. */
  add(entries: Bytes): void;
  /** The key is overwritten. */
  delete(name: Bytes): boolean;
  /** All entries in pieces, in the table's own memory. */
  pieces(): Iterable<Bytes>;
}

/** Open addressing with linear probing: slots hold numbers of entries, which lie side by side in chunks. */
export function createKeyTable(): KeyTable {
  const chunks: Bytes[] = [];
  // Number of an entry + 1; 0: empty.
  let slots = new Int32Array(1024);
  let size = 0;

  const entryAt = (number: number): Bytes => {
    const at = (number % CHUNK_ENTRIES) * ENTRY_BYTES;
    return (chunks[Math.floor(number / CHUNK_ENTRIES)] as Bytes).subarray(at, at + ENTRY_BYTES);
  };
  const homeOf = (entry: Bytes): number =>
    (((entry[0] as number) << 24) |
      ((entry[1] as number) << 16) |
      ((entry[2] as number) << 8) |
      (entry[3] as number)) &
    (slots.length - 1);
  const after = (slot: number): number => (slot + 1) & (slots.length - 1);
  /** Slot of the name, or the empty one where it would stand. */
  const slotOf = (name: Bytes): number => {
    let slot = homeOf(name);
    for (;;) {
      const found = slots[slot] as number;
      if (found === 0 || isNamed(entryAt(found - 1), name)) return slot;
      slot = after(slot);
    }
  };
  const grow = (): void => {
    slots = new Int32Array(slots.length * 2);
    for (let number = 0; number < size; number += 1) slots[slotOf(entryAt(number))] = number + 1;
  };
  const append = (entry: Bytes): void => {
    const slot = slotOf(entry);
    if (slots[slot] !== 0) return;
    if (size === chunks.length * CHUNK_ENTRIES) chunks.push(new Uint8Array(CHUNK_ENTRIES * ENTRY_BYTES));
    entryAt(size).set(entry);
    size += 1;
    slots[slot] = size;
    if (size * 2 > slots.length) grow();
  };
  /** Closes the gap, so that whatever stands behind it is still found. */
  const empty = (freed: number): void => {
    let gap = freed;
    for (let slot = after(freed); slots[slot] !== 0; slot = after(slot)) {
      const home = homeOf(entryAt((slots[slot] as number) - 1));
      const mask = slots.length - 1;
      if (((slot - home) & mask) < ((slot - gap) & mask)) continue;
      slots[gap] = slots[slot] as number;
      gap = slot;
    }
    slots[gap] = 0;
  };
  return {
    get size() {
      return size;
    },
    get(name) {
      const number = slots[slotOf(name)] as number;
      return number === 0 ? undefined : entryAt(number - 1).subarray(NAME_BYTES);
    },
    add(entries) {
      for (let at = 0; at < entries.length; at += ENTRY_BYTES) append(entries.subarray(at, at + ENTRY_BYTES));
    },
    delete(name) {
      const slot = slotOf(name);
      const number = slots[slot] as number;
      if (number === 0) return false;
      empty(slot);
      const last = entryAt(size - 1);
      if (number !== size) {
        slots[slotOf(last)] = number;
        entryAt(number - 1).set(last);
      }
      last.fill(0);
      size -= 1;
      return true;
    },
    *pieces() {
      for (let first = 0; first < size; first += CHUNK_ENTRIES) {
        const chunk = chunks[first / CHUNK_ENTRIES] as Bytes;
        yield chunk.subarray(0, Math.min(CHUNK_ENTRIES, size - first) * ENTRY_BYTES);
      }
    },
  };
}

function isNamed(entry: Bytes, name: Bytes): boolean {
  for (let i = 0; i < NAME_BYTES; i += 1) if (entry[i] !== name[i]) return false;
  return true;
}
