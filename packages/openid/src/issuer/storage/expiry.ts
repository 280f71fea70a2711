import { type Bytes, concatBytes, fromUtf8, type StoreWriter, type Table, utf8 } from '@attestel/core';
import { uint32 } from './keys.ts';

const DUE = 'issuer/expiry';
/** Rows removed per call: bounded work in whoever's transaction it happens to be. */
const PER_CALL = 40;

/** Puts a row that goes by itself some time after `at` (unix seconds). Readers still check the time. */
export function putUntil(
  writer: StoreWriter,
  row: { readonly table: Table; readonly key: Bytes; readonly value: Bytes; readonly at: number },
): void {
  writer.put(row.table, row.key, row.value);
  const name = concatBytes(utf8(`${row.table}\0`), row.key);
  writer.put(DUE, concatBytes(uint32(row.at), name), new Uint8Array(0));
}

/** Removes some of what is over. Every transaction that puts such rows calls it, so it keeps up. */
export function removeExpired(writer: StoreWriter, now: number): void {
  const due = [...writer.range(DUE, { to: uint32(now), limit: PER_CALL })];
  for (const [key] of due) {
    const end = key.indexOf(0, 4);
    writer.delete(fromUtf8(key.slice(4, end)), key.slice(end + 1));
    writer.delete(DUE, key);
  }
}
