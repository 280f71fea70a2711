import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { atExit } from './at-exit.ts';

export interface TemporaryFolder {
  readonly path: string;
  remove(): Promise<void>;
}

/** A folder that is gone with the benchmark, also with one that is interrupted. */
export async function createTemporaryFolder(): Promise<TemporaryFolder> {
  const path = await mkdtemp(join(tmpdir(), 'attestel-bench-'));
  const options = { recursive: true, force: true };
  const stay = atExit(() => rmSync(path, options));
  return {
    path,
    async remove() {
      stay();
      await rm(path, options);
    },
  };
}
