import {
  type Bytes,
  type CborValue,
  decodeCbor,
  encodeCbor,
  fromUtf8,
  type JsonValue,
  type StoreReader,
  type StoreWriter,
  toHex,
} from '@attestel/core';
import { refOfObject } from '../ledger-view.ts';
import type { Vault } from '../ports.ts';
import { openJson, sealJson } from './sealed-json.ts';
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

export const objectKeyName = ({ module, id, channel }: ObjectName, generation: number): string =>
  `o/${channel}/${toHex(refOfObject(module, id))}/${generation}`;

export function readObjectRow(reader: StoreReader, vault: Vault, name: ObjectName): ObjectRow | undefined {
  const found = reader.get(TABLES.object, objectKey(name.channel, name.module, name.id));
  return found && decodeRow(vault, name, found);
}

function decodeRow(vault: Vault, name: ObjectName, value: Bytes): ObjectRow {
  const [generation, sealed] = decodeCbor(value) as unknown as readonly [number, Bytes];
  return {
    ...openJson<Omit<ObjectRow, 'generation'>>(vault, objectKeyName(name, generation), sealed),
    generation,
  };
}

export function writeObjectRow(writer: StoreWriter, vault: Vault, name: ObjectName, row: ObjectRow): void {
  const { generation, ...rest } = row;
  const sealed = sealJson(vault, objectKeyName(name, generation), rest as unknown as JsonValue);
  const value = encodeCbor([generation, sealed] satisfies CborValue);
  writer.put(TABLES.object, objectKey(name.channel, name.module, name.id), value);
}

/** All objects of a module in a channel, in the order of their ids. */
export function* listObjectRows(
  reader: StoreReader,
  vault: Vault,
  { channel, module }: Omit<ObjectName, 'id'>,
): Iterable<readonly [id: string, row: ObjectRow]> {
  const from = objectKey(channel, module, '');
  for (const [key, value] of reader.range(TABLES.object, { from, to: afterPrefix(fromUtf8(from)) })) {
    const id = fromUtf8(key.subarray(from.length));
    yield [id, decodeRow(vault, { channel, module, id }, value)];
  }
}
