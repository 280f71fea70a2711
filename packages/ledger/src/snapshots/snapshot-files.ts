import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Bytes, equalBytes, fromUtf8, type Store, type StoreReader, utf8 } from '@attestel/core';
import { fail } from '../errors.ts';
import { openExecutor } from '../executor/open-executor.ts';
import { headKey, readHead } from '../log/head-record.ts';
import { sha256 } from '../sha256.ts';
import type { RulesOptions } from '../state/rules.ts';
import { TABLES } from '../tables.ts';
import { decodeChunkHashes, encodeChunkHashes } from './format.ts';
import { clearUnfinished, Restore } from './restore.ts';
import { snapshotChunks } from './take-snapshot.ts';

const HASHES = 'hashes';
const CHECKPOINT = 'checkpoint';
const MODE = 0o600;

export interface WrittenSnapshot {
  readonly chunks: number;
  readonly bytes: number;
  readonly height: number;
  /** Log size. */
  readonly size: number;
}

/**
 * Writes the head of a store as a folder: a file for each chunk, their hashes, and the checkpoint that it leads to. It
 * gets its name when it is complete. The store must not move meanwhile: opened read-only, it does not.
 * @throws AppError store_mismatch for a store without a block; the file system's errors, `EEXIST` among them
 */
export function writeSnapshot(store: StoreReader, folder: string): WrittenSnapshot {
  const head = readHead(store);
  if (!head) throw fail('store_mismatch', { field: 'head' });
  mkdirSync(folder, { mode: 0o700 }); // Shows that the name is free, and goes when the whole takes its place.
  const unfinished = `${folder}.new`;
  rmSync(unfinished, { recursive: true, force: true });
  try {
    mkdirSync(unfinished, { mode: 0o700 });
    const hashes: Bytes[] = [];
    let bytes = 0;
    for (const chunk of snapshotChunks(store)) {
      writeFileSync(join(unfinished, String(hashes.length)), chunk, { mode: MODE, flush: true });
      hashes.push(sha256(chunk));
      bytes += chunk.length;
    }
    writeFileSync(join(unfinished, HASHES), encodeChunkHashes(hashes), { mode: MODE, flush: true });
    writeFileSync(join(unfinished, CHECKPOINT), utf8(head.checkpoint), { mode: MODE, flush: true });
    renameSync(unfinished, folder);
    return { chunks: hashes.length, bytes, height: head.height, size: head.frontier.size };
  } catch (error) {
    for (const path of [folder, unfinished]) rmSync(path, { recursive: true, force: true });
    throw error;
  }
}

/** The note beside a snapshot: a claim, until its signatures are checked. @throws AppError snapshot_invalid */
export function readSnapshotNote(folder: string): string {
  try {
    return fromUtf8(new Uint8Array(readFileSync(join(folder, CHECKPOINT))));
  } catch (cause) {
    throw fail('snapshot_invalid', { field: CHECKPOINT, cause });
  }
}

export interface RestoreSnapshotOptions extends RulesOptions {
  readonly origin: string;
  /** Holds no ledger. What an unfinished restore left in it is removed. */
  readonly store: Store;
  readonly folder: string;
  /** Note of the checkpoint that the snapshot must lead to, checked by the caller. */
  readonly checkpoint: string;
  /** SHA-256 of that checkpoint's body. */
  readonly appHash: Bytes;
  readonly progress?: (done: number, all: number) => void;
}

/**
 * Makes a ledger of a snapshot; all of it is compared with the checkpoint before the store counts as one. Entries that
 * the snapshot leaves out are there as hashes only.
 * @throws AppError snapshot_invalid; store_mismatch when the store holds a ledger
 */
export async function restoreSnapshot(options: RestoreSnapshotOptions): Promise<void> {
  const { store, folder, network, origin, checkpoint, appHash, progress = () => {} } = options;
  if (store.get(TABLES.meta, headKey)) throw fail('store_mismatch', { field: 'store' });
  await clearUnfinished(store);
  const hashes = readHashes(folder);
  const { book, executor } = await openExecutor({ ...options, store });
  const checkAttachment = executor.admit.bind(executor);
  const { lookups } = book;
  const restore = new Restore({ store, network, origin, appHash, checkpoint, checkAttachment, lookups });
  try {
    for (const [i, hash] of hashes.entries()) {
      const chunk = readChunk(folder, i);
      if (!equalBytes(sha256(chunk), hash)) throw fail('snapshot_invalid', { field: `chunk ${i}` });
      await restore.apply(chunk);
      progress(i + 1, hashes.length);
    }
    await restore.finish();
  } catch (error) {
    await clearUnfinished(store);
    throw error;
  }
}

function readHashes(folder: string): readonly Bytes[] {
  try {
    const chunks = readdirSync(folder).filter((name) => /^\d+$/.test(name)).length;
    return decodeChunkHashes(new Uint8Array(readFileSync(join(folder, HASHES))), chunks);
  } catch (cause) {
    throw fail('snapshot_invalid', { field: HASHES, cause });
  }
}

function readChunk(folder: string, index: number): Bytes {
  try {
    return new Uint8Array(readFileSync(join(folder, String(index))));
  } catch (cause) {
    throw fail('snapshot_invalid', { field: `chunk ${index}`, cause });
  }
}
