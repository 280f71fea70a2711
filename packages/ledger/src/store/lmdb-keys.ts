import { type Bytes, concatBytes, utf8 } from '@attestel/core';

const MAX_KEY_BYTES = 500;
const TABLE_NAME = /^[a-z0-9][a-z0-9./-]{0,99}$/;

/**
 * Tables share one LMDB database: a key is `table ‖ 0 ‖ key`. Table names hold no NUL, so tables do not
 * overlap, and a new table needs no transaction of its own.
 */
export interface TableKeys {
  /** @throws TypeError when the key is longer than every store must take */
  of(key: Bytes): Bytes;
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
    if (!TABLE_NAME.test(table)) throw new TypeError('store: malformed table name');
    const created = tableKeys(table);
    known.set(table, created);
    return created;
  };
}

function tableKeys(table: string): TableKeys {
  const prefix = utf8(`${table}\0`);
  return {
    of(key) {
      if (key.length > MAX_KEY_BYTES) throw new TypeError(`store: key longer than ${MAX_KEY_BYTES} bytes`);
      return concatBytes(prefix, key);
    },
    from: prefix,
    to: utf8(`${table}\x01`),
    strip: (key) => key.slice(prefix.length),
  };
}
