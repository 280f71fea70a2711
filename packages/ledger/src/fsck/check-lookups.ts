import { type Bytes, concatBytes, equalBytes, type StoreReader } from '@attestel/core';
import { type AllLookups, lookupsOfRow, type StoredLookup } from '../state/lookups.ts';
import { TABLES } from '../tables.ts';
import { nameOf, parsed, StoreFault } from './store-fault.ts';

/** What rows are found by, against the rows of a state that is known to be sound. @throws StoreFault */
export function checkLookups(store: StoreReader, all: AllLookups): void {
  const lookupsOf = (key: Bytes, value: Bytes): readonly StoredLookup[] =>
    parsed(TABLES.state, nameOf(key), () => lookupsOfRow(all, key, value));
  for (const [row, stored] of store.range(TABLES.state)) {
    for (const { key, value } of lookupsOf(row, stored)) {
      const known = store.get(TABLES.lookups, key);
      if (!known || !equalBytes(known, value)) throw fault(key, 'does not find the row that has it');
    }
  }
  for (const [key, value] of store.range(TABLES.lookups)) {
    const row = concatBytes(key.subarray(0, key.indexOf(0) + 1), value);
    const stored = parsed(TABLES.lookups, nameOf(key), () => store.get(TABLES.state, row));
    const isOfRow = stored && lookupsOf(row, stored).some((one) => equalBytes(one.key, key));
    if (!isOfRow) throw fault(key, 'finds a row that has it not');
  }
}

const fault = (key: Bytes, rule: string): StoreFault => new StoreFault(TABLES.lookups, nameOf(key), rule);
