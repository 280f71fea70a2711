import { existsSync, statfsSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { demoPorts } from '@attestel/server/data-folder';
import type { Finding } from './finding.ts';

export const root = fileURLToPath(new URL('../../../../', import.meta.url));

const LEAST_FREE_MB = 500;

export async function ports(base: number): Promise<Finding> {
  const { operators, ...single } = demoPorts(base, 3);
  const taken: number[] = [];
  for (const port of [...Object.values(single), ...operators]) if (!(await isFree(port))) taken.push(port);
  const ok = taken.length === 0;
  return {
    check: 'ports',
    ok,
    says: ok
      ? `${base} and the following are free`
      : `taken: ${taken.join(', ')}; stop that program (perhaps npm start) or use --port`,
  };
}

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });

export function disk(dataDir: string): Finding {
  const stats = statfsSync(existsSync(dataDir) ? dataDir : root);
  const freeMb = Math.floor((stats.bavail * stats.bsize) / 1e6);
  const ok = freeMb >= LEAST_FREE_MB;
  return {
    check: 'disk',
    ok,
    says: ok ? `${freeMb} MB free` : `only ${freeMb} MB free: make room, at least ${LEAST_FREE_MB} MB`,
  };
}

/** The repository's own files cannot come from the future. */
export function clock(now = Date.now()): Finding {
  const newest = statSync(`${root}package.json`).mtimeMs;
  const ok = now > newest - 60_000 && new Date(now).getUTCFullYear() >= 2026;
  return {
    check: 'clock',
    ok,
    says: ok
      ? new Date(now).toISOString()
      : 'the clock is behind: tokens and status would be refused; set the time',
  };
}
