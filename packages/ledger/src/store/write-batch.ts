import type { Bytes } from '@attestel/core';
import { u64 } from '../tables.ts';
import { JOURNAL, type LmdbView } from './lmdb-view.ts';
import type { Overlay } from './overlay.ts';

/**
 * Everything in one LMDB transaction: rows, the journal of those that are deferred, and rows deferred earlier. What the
 * view shows goes on with it. @throws when it is not durable
 */
export async function writeBatch(view: LmdbView, all: Overlay): Promise<void> {
  const tables = [...all.tables()];
  if (tables.length === 0) return;
  const { db, keys, deferred } = view;
  const later = tables.filter((table) => deferred.has(table));
  const writes = deferred.plan(later.map((table) => [table, all.named(table)]));
  const journal = keys(JOURNAL);
  const pack = createValuePack();
  let heard: Promise<boolean> | undefined;
  const write = (key: Buffer, value: Bytes | undefined): void => {
    const written = value ? db.put(key, pack(value)) : db.remove(key);
    // The batch's own promise reports a failure; these would report it a second time, unheard. LMDB has one
    // promise for most of them.
    if (written !== heard) written.catch(ignore);
    heard = written;
  };
  try {
    await db.batch(() => {
      for (const table of tables) {
        if (deferred.has(table)) continue;
        const names = keys(table);
        for (const { key, value } of all.changes(table)) write(names.of(key), value);
      }
      deferred.eachWritten(writes, (table, name, value) => write(keys(table).ofName(name), value));
      const { pieces, number, dropped } = writes;
      for (let i = dropped.from; i < dropped.to; i++) write(journal.of(u64(i)), undefined);
      for (const [i, piece] of pieces.entries()) write(journal.of(u64(number + i)), piece);
    });
  } catch (error) {
    // LMDB hangs a second rejected promise on its error, which unheard would end the process.
    const { commitError } = error as { commitError?: unknown };
    if (commitError instanceof Promise) commitError.catch(ignore);
    view.reload();
    throw error;
  }
  view.advance(writes);
}

const ignore = (): void => {};

const PACK_BYTES = 1 << 18;

/**
 * Values side by side in few pieces of memory, for LMDB's thread to read until they are written: it asks for the address
 * of each piece, and finding that costs more than copying a small value.
 */
function createValuePack(): (value: Bytes) => Buffer {
  let memory = new ArrayBuffer(0);
  let used = 0;
  return (value) => {
    const { length } = value;
    if (length > PACK_BYTES / 16) return Buffer.from(value.buffer, value.byteOffset, length);
    if (used + length > memory.byteLength) {
      memory = new ArrayBuffer(PACK_BYTES);
      used = 0;
    }
    const packed = Buffer.from(memory, used, length);
    packed.set(value);
    used += length;
    return packed;
  };
}
