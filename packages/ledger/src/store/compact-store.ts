import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Database, open } from 'lmdb';
import { fail } from '../errors.ts';
import { takeWriterLock } from './writer-lock.ts';

const DATA = 'data.mdb';
const LOCK = 'lock.mdb';
/** Beside the data, so that renaming never crosses a file system. */
const COPY = 'compact.new';

export interface Compacted {
  readonly bytesBefore: number;
  readonly bytesAfter: number;
  readonly records: number;
}

/**
 * Copies an LMDB store without its free pages, compares the copy with it record by record and puts it in its place.
 * Killed at any point, the folder holds the old or the new file, each whole. Needs room for the copy.
 * @throws AppError store_in_use while anybody writes or reads; store_damaged when the copy differs
 */
export async function compactStore(path: string): Promise<Compacted> {
  const lock = await takeWriterLock(path);
  const copy = join(path, COPY);
  try {
    rmSync(copy, { recursive: true, force: true });
    mkdirSync(copy, { mode: 0o700 });
    const records = await copyTo(path, copy);
    const [bytesBefore, bytesAfter] = [path, copy].map((folder) => statSync(join(folder, DATA)).size);
    flush(join(copy, DATA));
    // Readers find pages by what the lock file counts, and the copy counts anew.
    rmSync(join(path, LOCK), { force: true });
    renameSync(join(copy, DATA), join(path, DATA));
    flush(path);
    return { bytesBefore: bytesBefore as number, bytesAfter: bytesAfter as number, records };
  } finally {
    rmSync(copy, { recursive: true, force: true });
    lock.release();
  }
}

type Db = Database<Buffer, Buffer>;

const openAt = (path: string): Db =>
  open<Buffer, Buffer>({ path, noSubdir: false, keyEncoding: 'binary', encoding: 'binary', readOnly: true });

async function copyTo(path: string, copy: string): Promise<number> {
  const source = openAt(path);
  try {
    assertAlone(source);
    await source.backup(copy, true);
    const target = openAt(copy);
    try {
      return compare(source, target);
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
}

/** LMDB lists a line for each process that reads: process id first. */
function assertAlone(db: Db): void {
  db.readerCheck();
  const others = db
    .readerList()
    .split('\n')
    .map((line) => Number(/^\s*(\d+)\s/.exec(line)?.[1]))
    .filter((pid) => pid > 0 && pid !== process.pid);
  if (others.length > 0) throw fail('store_in_use', { field: `process ${others[0]}` });
}

/** Returns how many records both have. @throws AppError store_damaged */
function compare(source: Db, target: Db): number {
  const copied = target.getRange({})[Symbol.iterator]();
  let count = 0;
  for (const { key, value } of source.getRange({})) {
    const next = copied.next();
    const isSame =
      !next.done &&
      Buffer.compare(asBuffer(next.value.key), asBuffer(key)) === 0 &&
      next.value.value.equals(value);
    if (!isSame) throw fail('store_damaged', { field: `record ${count} of the copy` });
    count += 1;
  }
  if (!copied.next().done) throw fail('store_damaged', { field: `record ${count} of the copy` });
  return count;
}

const asBuffer = (key: unknown): Buffer => Buffer.from(key as Uint8Array);

function flush(path: string): void {
  const handle = openSync(path, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
