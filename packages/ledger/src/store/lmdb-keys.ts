import { type Bytes, concatBytes, type Table, utf8 } from '@attestel/core';

const MAX_KEY_BYTES = 500;
const TABLE_NAME = /^[a-z0-9][a-z0-9./-]{0,99}$/;

/** @throws TypeError on a malformed table name */
export function assertTable(table: Table): void {
  if (!TABLE_NAME.test(table)) throw new TypeError('store: malformed table name');
}

/** Whether a store can hold the key. */
export const isKey = (key: Bytes): boolean => key.length <= MAX_KEY_BYTES;

/** @throws TypeError when the key is longer than every store must take */
export function assertKey(key: Bytes): void {
  if (!isKey(key)) throw new TypeError(`store: key longer than ${MAX_KEY_BYTES} bytes`);
}

/**
 * Tables share one LMDB database: a key is `table ‖ 0 ‖ key`. Table names hold no NUL, so tables do not
 * overlap, and a new table needs no transaction of its own.
 */
export interface TableKeys {
  /** Until the next call: whoever is given it must have copied it by then, as LMDB has. */
  of(key: Bytes): Buffer;
  /** Of a bound, whose length nothing limits: the first key that the store can hold at or after it. */
  ofBound(key: Bytes): Buffer;
  readonly from: Bytes;
  readonly to: Bytes;
  strip(key: Bytes): Bytes;
}

/** @throws TypeError on a malformed table name */
export function createTableKeys(): (table: string) => TableKeys {
  const known = new Map<string, TableKeys>();
  return (table) => {
    const existing = known.get(table);
    if (existing) return existing;
    assertTable(table);
    const created = tableKeys(table);
    known.set(table, created);
    return created;
  };
}

function tableKeys(table: string): TableKeys {
  const prefix = utf8(`${table}\0`);
  // One memory for all keys, and one view for each length: a node names several for every operation.
  const memory = Buffer.alloc(prefix.length + MAX_KEY_BYTES + 1);
  memory.set(prefix);
  const views: Buffer[] = [];
  const of = (key: Bytes): Buffer => {
    memory.set(key, prefix.length);
    views[key.length] ??= memory.subarray(0, prefix.length + key.length);
    return views[key.length] as Buffer;
  };
  return {
    of,
    // Directly after the longest key that starts like the bound: that key is still before it.
    ofBound: (key) =>
      isKey(key) ? of(key) : of(concatBytes(key.subarray(0, MAX_KEY_BYTES), Uint8Array.of(0))),
    from: prefix,
    to: utf8(`${table}\x01`),
    strip: (key) => key.slice(prefix.length),
  };
}
