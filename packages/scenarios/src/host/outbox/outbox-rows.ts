import {
  type CborValue,
  decodeCbor,
  encodeCbor,
  type StoreReader,
  type StoreWriter,
  utf8,
} from '@attestel/core';
import { afterPrefix, TABLES } from '../store/tables.ts';

/** What is to be brought to a party. What it says is looked up when it goes, so that nothing erased is sent. */
export interface OutboxRow {
  readonly to: string;
  readonly kind: 'payload' | 'channel-key' | 'channel-key-request' | 'blind-key';
  readonly channel: string;
  /** Line of a payload; empty where there is none. */
  readonly line: string;
}

const keyOf = ({ to, kind, channel, line }: OutboxRow) => utf8(`${to}|${kind}|${line || channel}`);

/** The same twice is there once. */
export const putOutbox = (writer: StoreWriter, row: OutboxRow): void =>
  writer.put(TABLES.outbox, keyOf(row), encodeCbor(row as unknown as CborValue));

export const deleteOutbox = (writer: StoreWriter, row: OutboxRow): void =>
  writer.delete(TABLES.outbox, keyOf(row));

/** Whoever something waits for, without looking at all that waits. */
export function* waitingReceivers(reader: StoreReader): Iterable<string> {
  for (let from = new Uint8Array(); ; ) {
    const [first] = reader.range(TABLES.outbox, { from, limit: 1 });
    if (!first) return;
    const { to } = decodeCbor(first[1]) as unknown as OutboxRow;
    yield to;
    from = new Uint8Array(afterPrefix(`${to}|`));
  }
}

/** All, or those of one receiver. */
export function listOutbox(reader: StoreReader, to?: string): readonly OutboxRow[] {
  const range = to === undefined ? {} : { from: utf8(`${to}|`), to: afterPrefix(`${to}|`) };
  return Array.from(
    reader.range(TABLES.outbox, range),
    ([, value]) => decodeCbor(value) as unknown as OutboxRow,
  );
}
