import {
  type Bytes,
  type CborValue,
  decodeCbor,
  encodeCbor,
  equalBytes,
  fromUtf8,
  type JsonValue,
  type StoreReader,
  type StoreWriter,
  toHex,
} from '@attestel/core';
import { refOfObject } from '../ledger-view.ts';
import type { Vault } from '../ports.ts';
import { type IndexParts, moveTags, tagsOf } from './object-index.ts';
import { openText, sealJson } from './sealed-json.ts';
import { afterPrefix, objectKey, TABLES } from './tables.ts';

export interface ObjectName {
  readonly channel: string;
  readonly module: string;
  readonly id: string;
}

/** A credential that an event of the object gave. */
export interface GivenCredential {
  readonly id: string;
  readonly type: string;
  /** Line that issued it. */
  readonly line: string;
}

/** An object as this party has folded it. */
export interface ObjectRow {
  /** Last line that is folded in. */
  readonly head: string;
  /** Lines that are folded in. */
  readonly count: number;
  readonly state: JsonValue;
  /** Parties that were given every payload up to the head, sorted. */
  readonly complete: readonly string[];
  /** Credentials of it that are not revoked. */
  readonly given: readonly GivenCredential[];
  /** Whether some line could not be checked: a payload that this party does not have is behind it. */
  readonly unchecked: boolean;
  /** Blind: seed of the key that moves it, hex. */
  readonly relation?: string;
  /** Raised by each erasure: the key of the state is another one from then on. */
  readonly generation: number;
}

/** Whether a payload of the object was erased: on what is left, nothing can be decided as it was then. */
export const hasGap = ({ generation, state }: Pick<ObjectRow, 'generation' | 'state'>): boolean =>
  generation > 0 || Number((state as { readonly erased?: JsonValue } | null)?.erased ?? 0) > 0;

export const objectKeyName = ({ module, id, channel }: ObjectName, generation: number): string =>
  `o/${channel}/${toHex(refOfObject(module, id))}/${generation}`;

export const readObjectRow = (reader: StoreReader, vault: Vault, name: ObjectName): ObjectRow | undefined =>
  readStoredRow(reader, vault, name)?.row;

/** A row with what it was read from: bytes of the store, and the JSON in them. */
export interface StoredRow {
  readonly value: Bytes;
  readonly text: string;
  readonly row: ObjectRow;
}

/** @param known as it was read before: decrypted again only where something else is stored by now */
export function readStoredRow(
  reader: StoreReader,
  vault: Vault,
  name: ObjectName,
  known?: StoredRow,
): StoredRow | undefined {
  const value = reader.get(TABLES.object, objectKey(name.channel, name.module, name.id));
  return value && openStored(vault, name, value, known);
}

/** `tags`: those under which the index has the object; stores from before there was one have none. */
type Stored = readonly [generation: number, sealed: Bytes, tags?: Bytes];

const decodeStored = (value: Bytes): Stored => decodeCbor(value) as unknown as Stored;

function openStored(vault: Vault, name: ObjectName, value: Bytes, known?: StoredRow): StoredRow {
  const [generation, sealed] = decodeStored(value);
  const isKnown = known !== undefined && equalBytes(known.value, value);
  const text = isKnown ? known.text : openText(vault, objectKeyName(name, generation), sealed);
  // Parsed each time: what a module does to a state of its own does not show in another.
  return { value, text, row: { ...JSON.parse(text), generation } };
}

/** Writes the newest state and what it is found by. @param before what the writer has of it */
export function writeObjectRow(
  writer: StoreWriter,
  parts: IndexParts,
  name: ObjectName,
  { row, before }: { readonly row: ObjectRow; readonly before: StoredRow | undefined },
): void {
  const { generation, ...rest } = row;
  const sealed = sealJson(parts.vault, objectKeyName(name, generation), rest as unknown as JsonValue);
  putStored(writer, name, { generation, sealed, tags: tagsOf(parts, name, row.state) }, before?.value);
}

/** Finds the object by its state anew, where the rules of that have changed. */
export function indexObjectRow(writer: StoreWriter, parts: IndexParts, name: ObjectName): void {
  const found = writer.get(TABLES.object, objectKey(name.channel, name.module, name.id));
  if (!found) return;
  const [generation, sealed] = decodeStored(found);
  const { state } = openStored(parts.vault, name, found).row;
  putStored(writer, name, { generation, sealed, tags: tagsOf(parts, name, state) }, found);
}

function putStored(
  writer: StoreWriter,
  name: ObjectName,
  { generation, sealed, tags }: { readonly generation: number; readonly sealed: Bytes; readonly tags: Bytes },
  before: Bytes | undefined,
): void {
  moveTags(writer, name.id, { from: before && readTags(before), to: tags });
  const key = objectKey(name.channel, name.module, name.id);
  writer.put(TABLES.object, key, encodeCbor([generation, sealed, tags] satisfies CborValue));
}

const readTags = (value: Bytes): Bytes | undefined => decodeStored(value)[2];

/** The tags that the object is stored with; undefined where there is no such object. */
export function storedTags(reader: StoreReader, name: ObjectName): Bytes | undefined {
  const found = reader.get(TABLES.object, objectKey(name.channel, name.module, name.id));
  return found && (readTags(found) ?? new Uint8Array());
}

/** Objects of a module in a channel, in the order of their ids: all, or those after one. */
export function* listObjectRows(
  reader: StoreReader,
  vault: Vault,
  { channel, module, after = '' }: Omit<ObjectName, 'id'> & { readonly after?: string | undefined },
): Iterable<readonly [id: string, row: ObjectRow]> {
  const prefix = objectKey(channel, module, '');
  const range = { from: objectKey(channel, module, after), to: afterPrefix(fromUtf8(prefix)) };
  for (const [key, value] of reader.range(TABLES.object, range)) {
    const id = fromUtf8(key.subarray(prefix.length));
    if (id !== after) yield [id, openStored(vault, { channel, module, id }, value).row];
  }
}
