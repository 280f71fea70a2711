import { encodeCbor, equalBytes, fromUtf8, type Store, utf8 } from '@attestel/core';
import type { Module } from '../../module/module.ts';
import type { KnownModules } from '../known-modules.ts';
import { INDEX_KEY, type IndexParts } from './object-index.ts';
import { indexObjectRow } from './object-rows.ts';
import { afterPrefix, TABLES } from './tables.ts';

/** Module → by what version of it, with what indexes, its objects are found. */
const TABLE = 'contract.indexed';
const BATCH = 1000;

/**
 * Makes the index of every module whose version or indexes have changed, which reads each of its objects once; after a
 * crash from the beginning. Nothing where nothing changed.
 */
export async function buildIndexes(
  parts: IndexParts & { readonly store: Store; readonly modules: KnownModules },
): Promise<void> {
  await parts.vault.make([INDEX_KEY]);
  for (const name of new Set(parts.modules.all.map(({ module }) => module.name))) {
    const { module } = parts.modules.named(name);
    const mark = encodeCbor([module.version, ...Object.keys(module.indexes ?? {}).sort()]);
    const built = parts.store.get(TABLE, utf8(name));
    if (built && equalBytes(built, mark)) continue;
    await indexAll(parts, module);
    await parts.store.transact((writer) => writer.put(TABLE, utf8(name), mark));
  }
}

async function indexAll(parts: IndexParts & { readonly store: Store }, { name }: Module): Promise<void> {
  let from = utf8('');
  for (;;) {
    const keys = Array.from(parts.store.range(TABLES.object, { from, limit: BATCH }), ([key]) => key);
    const last = keys.at(-1);
    if (!last) return;
    await parts.store.transact((writer) => {
      for (const key of keys) {
        const [channel = '', module = '', id = ''] = fromUtf8(key).split('|');
        if (module === name) indexObjectRow(writer, parts, { channel, module, id });
      }
    });
    from = afterPrefix(fromUtf8(last));
  }
}
