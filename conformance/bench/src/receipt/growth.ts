import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { startMeasured } from '../measured-process.ts';
import { KEYS_PER_OPERATION } from './fill.ts';
import { fill } from './filled-ledger.ts';
import type { Opened } from './open-filled.ts';

const DISK_BLOCK_BYTES = 512; // unit of st_blocks
const OPENINGS = 3;

export interface GrowthPoint {
  readonly keys: number;
  readonly operations: number;
  /** On disk, everything: log, its hashes, state, trie, records of blocks. */
  readonly bytesPerOperation: number;
  readonly rssMegabytes: number;
  readonly openMs: number;
  /** What it took to get there from the size before, operations per second. */
  readonly fillPerSecond: number;
}

/** Grows one ledger in a folder to each of these numbers of keys, ascending, and looks at it there. */
export async function measureGrowth(
  folder: string,
  sizes: readonly number[],
): Promise<readonly GrowthPoint[]> {
  const points: GrowthPoint[] = [];
  let before = 0;
  for (const keys of sizes) {
    const operations = keys / KEYS_PER_OPERATION;
    const began = performance.now();
    await fill(folder, before, operations);
    const fillPerSecond = Math.round((1000 * (operations - before)) / (performance.now() - began));
    const { blocks } = await stat(join(folder, 'store', 'data.mdb'));
    const bytesPerOperation = Math.round((blocks * DISK_BLOCK_BYTES) / operations);
    points.push({ keys, operations, bytesPerOperation, fillPerSecond, ...(await opening(folder)) });
    before = operations;
  }
  return points;
}

/** Best of a few, each in a process of its own; the files are in the system's cache. */
async function opening(folder: string): Promise<Pick<GrowthPoint, 'rssMegabytes' | 'openMs'>> {
  const all: Opened[] = [];
  for (let i = 0; i < OPENINGS; i++) {
    const process = await startMeasured<Opened>(new URL('open-filled.ts', import.meta.url), [folder]);
    all.push(process.ready);
    await process.stop();
  }
  return {
    rssMegabytes: Math.round(Math.min(...all.map(({ rss }) => rss)) / 1e6),
    openMs: Math.round(Math.min(...all.map(({ milliseconds }) => milliseconds))),
  };
}
