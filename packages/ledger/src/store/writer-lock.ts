import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fail } from '../errors.ts';

/**
 * Holds a store folder for one writing process. LMDB alone would let two processes write in turns, and
 * two sequencers would then each overwrite what the other acknowledged. Node has no flock, so a file
 * names the holder; a holder that is gone (kill -9, power cut) holds nothing.
 * @throws AppError store_in_use
 */
export function takeWriterLock(folder: string): { release(): void } {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, 'writer.lock');
  const own = `${process.pid} ${startOf('self')}\n`;
  for (let attempt = 0; attempt < 3; attempt++) {
    if (created(path, own)) return { release: () => rmSync(path, { force: true }) };
    const holder = readHolder(path);
    if (holder && isAlive(holder.pid, holder.start)) {
      throw fail('store_in_use', { detail: `held by process ${holder.pid}` });
    }
    rmSync(path, { force: true });
  }
  throw fail('store_in_use', { detail: 'the lock changes hands' });
}

function created(path: string, content: string): boolean {
  try {
    writeFileSync(path, content, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function readHolder(path: string): { pid: number; start: string } | undefined {
  try {
    const match = /^(\d{1,10}) (\S+)\n$/.exec(readFileSync(path, 'utf8'));
    return match ? { pid: Number(match[1]), start: match[2] as string } : undefined;
  } catch {
    return undefined; // released meanwhile
  }
}

/** A process id is reused after a restart, always so in containers: the start time tells. */
function isAlive(pid: number, start: string): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false; // EPERM: alive, another user's
  }
  return startOf(String(pid)) === start;
}

/** Boot and start time of a process on Linux (proc(5), field 22 of stat); elsewhere the pid must do. */
function startOf(pid: string): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    // The command name, field 2, may hold spaces and parentheses: count from its end.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return `${boot}:${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]}`;
  } catch {
    return 'unknown';
  }
}
