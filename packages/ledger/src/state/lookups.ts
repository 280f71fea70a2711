import { type Bytes, type CborValue, decodeCbor, fromUtf8, type StoreReader } from '@attestel/core';
import type { LedgerModule, Lookups } from '../module.ts';
import type { Overlay } from '../store/overlay.ts';
import { TABLES } from '../tables.ts';
import { keyText, stateKey } from './state-key.ts';

/** Key of the row that is found so. */
export function findRow(reader: StoreReader, module: string, lookup: string): string | undefined {
  const key = reader.get(TABLES.lookups, stateKey(module, lookup));
  return key && fromUtf8(key);
}

interface Row {
  readonly module: string;
  /** Without the module. */
  readonly key: string;
  readonly lookups: Lookups;
}

/** Undefined: there is no such row. */
interface Values {
  readonly before: CborValue | undefined;
  readonly after: CborValue | undefined;
}

/** What a row is found by, after it changed. @throws TypeError when another row is found by the same */
export function followRow(view: Overlay, { module, key, lookups }: Row, { before, after }: Values): void {
  const old = before === undefined ? [] : lookups.of(before);
  const now = after === undefined ? [] : lookups.of(after);
  for (const one of old) if (!now.includes(one)) view.delete(TABLES.lookups, stateKey(module, one));
  for (const one of now) {
    if (old.includes(one)) continue;
    const lookup = stateKey(module, one);
    // A snapshot is restored in another order: who comes last must not matter.
    if (view.get(TABLES.lookups, lookup)) throw new TypeError(`state: two rows would be found by ${one}`);
    view.give(TABLES.lookups, lookup, keyText(key));
  }
}

/** Of the modules that have any, by their names. */
export type AllLookups = ReadonlyMap<string, Lookups>;

/** @throws TypeError when versions of a module would not find a row by the same */
export function collectLookups(modules: Iterable<LedgerModule>): AllLookups {
  const all = new Map<string, Lookups | undefined>();
  for (const { name, lookups } of modules) {
    if (all.has(name) && all.get(name) !== lookups) {
      throw new TypeError(`ledger: versions of module ${name} have different lookups`);
    }
    all.set(name, lookups);
  }
  return new Map([...all].filter((entry): entry is [string, Lookups] => entry[1] !== undefined));
}

export interface StoredLookup {
  readonly key: Bytes;
  readonly value: Bytes;
}

/** What a row of the state table is found by, as the table of lookups has it. @throws whatever for what no module wrote */
export function lookupsOfRow(all: AllLookups, key: Bytes, value: Bytes): readonly StoredLookup[] {
  const end = key.indexOf(0);
  const module = fromUtf8(key.subarray(0, Math.max(end, 0)));
  const lookups = all.get(module);
  if (!lookups) return [];
  const row = key.slice(end + 1);
  if (!fromUtf8(row).startsWith(lookups.prefix)) return [];
  return lookups.of(decodeCbor(value)).map((one) => ({ key: stateKey(module, one), value: row }));
}
