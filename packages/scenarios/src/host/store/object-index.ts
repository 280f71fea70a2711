import {
  type Bytes,
  concatBytes,
  fromHex,
  type JsonValue,
  type StoreReader,
  type StoreWriter,
  toHex,
  utf8,
} from '@attestel/core';
import { type Key, keysOf, listOf } from '../../module/lookups.ts';
import type { KnownModules } from '../known-modules.ts';
import type { Vault } from '../ports.ts';
import type { ObjectName } from './object-rows.ts';

export interface IndexParts {
  readonly vault: Vault;
  readonly modules: Pick<KnownModules, 'named'>;
}

/**
 * Tag, id → nothing. A tag is the first 16 bytes of HMAC-SHA-256(key of the party, [channel, module, index, value]), so
 * that the table tells nobody without that key what objects are about; the same object under each of its values.
 */
const TABLE = 'contract.index';
const TAG_BYTES = 16;
const ID_BYTES = 16;
/** Of the vault. */
export const INDEX_KEY = 'object-index';

type Place = Omit<ObjectName, 'id'>;

const tagOf = (vault: Pick<Vault, 'mac'>, { channel, module }: Place, index: string, key: Key): Bytes =>
  vault.mac(INDEX_KEY, utf8(JSON.stringify([channel, module, index, key]))).subarray(0, TAG_BYTES);

/** Tags of an object's state, side by side, as the newest version of its module has it. */
export function tagsOf({ vault, modules }: IndexParts, name: ObjectName, state: JsonValue): Bytes {
  const { module } = modules.named(name.module);
  const tags = Object.keys(module.indexes ?? {})
    .sort()
    .flatMap((index) =>
      [...new Set(listOf(keysOf(module, index, { id: name.id, state })))].map((key) =>
        tagOf(vault, name, index, key),
      ),
    );
  return concatBytes(...tags);
}

/** Takes an object out under its old tags and puts it in under its new ones. */
export function moveTags(
  writer: StoreWriter,
  id: string,
  { from = new Uint8Array(), to }: { readonly from: Bytes | undefined; readonly to: Bytes },
): void {
  const [old, now] = [keysIn(from, id), keysIn(to, id)];
  for (const [name, key] of old) if (!now.has(name)) writer.delete(TABLE, key);
  for (const [name, key] of now) if (!old.has(name)) writer.put(TABLE, key, new Uint8Array());
}

/** Whether the index has the object under all of these tags. */
export const hasTags = (reader: StoreReader, id: string, tags: Bytes): boolean =>
  [...keysIn(tags, id).values()].every((key) => reader.get(TABLE, key) !== undefined);

function keysIn(tags: Bytes, id: string): ReadonlyMap<string, Bytes> {
  const keys = new Map<string, Bytes>();
  for (let at = 0; at < tags.length; at += TAG_BYTES) {
    const key = concatBytes(tags.subarray(at, at + TAG_BYTES), fromHex(id));
    keys.set(toHex(key), key);
  }
  return keys;
}

/** Ids of the objects that have the value, in their order, after one of them. */
export function* findObjects(
  reader: StoreReader,
  vault: Pick<Vault, 'mac'>,
  {
    after,
    ...asked
  }: Place & { readonly index: string; readonly key: Key; readonly after?: string | undefined },
): Iterable<string> {
  const tag = tagOf(vault, asked, asked.index, asked.key);
  const from = concatBytes(tag, after === undefined ? new Uint8Array() : fromHex(after));
  const to = concatBytes(tag, new Uint8Array(ID_BYTES).fill(0xff), Uint8Array.of(0));
  for (const [key] of reader.range(TABLE, { from, to })) {
    const id = toHex(key.subarray(TAG_BYTES));
    if (id !== after) yield id;
  }
}
