import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Bytes } from '@attestel/core';
import { sha256 } from '../sha256.ts';
import { decodeChunkHashes, encodeChunkHashes } from './format.ts';

/** A node that joins needs minutes for one; meanwhile newer ones come. */
const KEPT = 3;
const HEIGHT = /^[1-9][0-9]{0,15}$/;
const HASHES = 'hashes';
const MODE = 0o600;

export interface StoredSnapshot {
  readonly height: number;
  /** Hashes of its chunks. */
  readonly metadata: Bytes;
  readonly chunks: number;
}

/** Snapshots as folders named by the engine's height, a file for each chunk; the oldest make room. */
export class SnapshotFolder {
  readonly #folder: string;
  #known: StoredSnapshot[];

  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.removeUnfinished();
    this.#known = readdirSync(folder)
      .flatMap((name) => this.#openOrRemove(Number(name)))
      .sort((a, b) => b.height - a.height);
  }

  /** What has no plain height for a name was never finished: its room may be what the ledger lacks. */
  removeUnfinished(): void {
    for (const name of readdirSync(this.#folder))
      if (!HEIGHT.test(name)) rmSync(join(this.#folder, name), { recursive: true, force: true });
  }

  /** Newest first. */
  list(): readonly StoredSnapshot[] {
    return this.#known;
  }

  has(height: number): boolean {
    return this.#known.some((snapshot) => snapshot.height === height);
  }

  /** Undefined when it is not, or no longer, kept. */
  chunk(height: number, index: number): Promise<Bytes | undefined> {
    if (!this.has(height)) return Promise.resolve(undefined);
    const read = readFile(join(this.#folder, String(height), String(index)));
    return read.then(
      (bytes) => new Uint8Array(bytes),
      () => undefined,
    );
  }

  /** Writes a snapshot. Synchronous: its source must not move meanwhile. */
  add(height: number, chunks: Iterable<Bytes>): StoredSnapshot {
    writeSnapshotFolder(this.#folder, height, chunks);
    return this.adopt(height);
  }

  /** Counts one that {@link writeSnapshotFolder} has written here as kept. */
  adopt(height: number): StoredSnapshot {
    const snapshot = this.#open(height);
    this.#known = [snapshot, ...this.#known];
    for (const old of this.#known.splice(KEPT)) {
      rmSync(join(this.#folder, String(old.height)), { recursive: true });
    }
    return snapshot;
  }

  /** One that a machine left damaged when it died is no reason not to start: others are made. */
  #openOrRemove(height: number): readonly StoredSnapshot[] {
    try {
      return [this.#open(height)];
    } catch {
      rmSync(join(this.#folder, String(height)), { recursive: true, force: true });
      return [];
    }
  }

  #open(height: number): StoredSnapshot {
    const folder = join(this.#folder, String(height));
    const metadata = new Uint8Array(readFileSync(join(folder, HASHES)));
    const chunks = readdirSync(folder).length - 1;
    decodeChunkHashes(metadata, chunks);
    return { height, metadata, chunks };
  }
}

/** It gets its name when it is complete and on the disk. */
export function writeSnapshotFolder(folder: string, height: number, chunks: Iterable<Bytes>): void {
  const unfinished = join(folder, `${height}.new`);
  rmSync(unfinished, { recursive: true, force: true });
  try {
    mkdirSync(unfinished, { mode: 0o700 });
    const hashes: Bytes[] = [];
    for (const chunk of chunks) {
      writeFileSync(join(unfinished, String(hashes.length)), chunk, { mode: MODE, flush: true });
      hashes.push(sha256(chunk));
    }
    writeFileSync(join(unfinished, HASHES), encodeChunkHashes(hashes), { mode: MODE, flush: true });
    renameSync(unfinished, join(folder, String(height)));
  } catch (error) {
    // A disk that was filled by half a snapshot would stop the ledger.
    rmSync(unfinished, { recursive: true, force: true });
    throw error;
  }
}
