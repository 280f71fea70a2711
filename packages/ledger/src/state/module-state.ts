import { type CborValue, decodeCbor, encodeCbor, fromUtf8, type StoreReader, utf8 } from '@attestel/core';
import type { Lookups, State, StateReader } from '../module.ts';
import type { Overlay } from '../store/overlay.ts';
import { TABLES } from '../tables.ts';
import { findRow, followRow } from './lookups.ts';
import { room, SEPARATOR, stateKey } from './state-key.ts';

/** A module's part of the state table. */
export function createStateReader(reader: StoreReader, module: string): StateReader {
  const start = utf8(module + SEPARATOR).length;
  return {
    get(key) {
      const value = reader.get(TABLES.state, stateKey(module, key));
      return value === undefined ? undefined : decodeCbor(value);
    },
    *list(prefix) {
      const from = stateKey(module, prefix);
      for (const [key, value] of reader.range(TABLES.state, { from, to: successor(from) })) {
        yield [fromUtf8(key.subarray(start)), decodeCbor(value)];
      }
    },
    find: (lookup) => findRow(reader, module, lookup),
  };
}

/** @param lookups of the module, which follow what is written */
export function createState(view: Overlay, module: string, lookups?: Lookups): State {
  const reader = createStateReader(view, module);
  const follow = (key: string, after: CborValue | undefined): void => {
    if (!lookups || !key.startsWith(lookups.prefix)) return;
    followRow(view, { module, key, lookups }, { before: reader.get(key), after });
  };
  return {
    ...reader,
    put(key, value) {
      follow(key, value);
      view.give(TABLES.state, stateKey(module, key), encodeCbor(value, room));
    },
    delete(key) {
      follow(key, undefined);
      view.delete(TABLES.state, stateKey(module, key));
    },
  };
}

/** First key after all keys with this prefix. UTF-8 has no byte 0xff, so the last byte has room. */
function successor(prefix: ReturnType<typeof stateKey>): ReturnType<typeof stateKey> {
  const end = prefix.slice();
  end[end.length - 1] = (end.at(-1) as number) + 1;
  return end;
}
