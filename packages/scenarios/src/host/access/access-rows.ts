import { createHash } from 'node:crypto';
import {
  type Bytes,
  canonicalizeJson,
  concatBytes,
  type JsonValue,
  type StoreReader,
  type StoreWriter,
} from '@attestel/core';
import { numberKey, TABLES } from '../store/tables.ts';
import type { Access } from './access-module.ts';

const HOUR = 3600;
/** Rows of hours that are over, deleted with each new one: more than come in. */
const SWEEP = 16;

/** What is the same in all reads of one hour that one record stands for. */
export interface Reading extends Access {
  readonly channel: string;
}

/** Hour, then a digest: what is over stands first. */
export function accessKey({ channel, ...access }: Reading, time: number): Bytes {
  const { reader, actor, module, object, line, query } = access;
  const name = canonicalizeJson([channel, reader, actor, module, object, line, query] as JsonValue);
  return concatBytes(numberKey(Math.floor(time / HOUR)), createHash('sha256').update(name).digest());
}

export const isRecorded = (reader: StoreReader, key: Bytes): boolean =>
  reader.get(TABLES.access, key) !== undefined;

export function noteRecorded(writer: StoreWriter, key: Bytes): void {
  for (const [old] of writer.range(TABLES.access, { to: key.slice(0, 8), limit: SWEEP }))
    writer.delete(TABLES.access, old);
  writer.put(TABLES.access, key, new Uint8Array());
}
