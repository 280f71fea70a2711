import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fail } from '../errors.ts';
import { inFolder, isListening, type Listening, listen } from './folder-socket.ts';

export interface WriterLock {
  release(): void;
}

const CLAIM = /^writer-[0-9a-f]{16}\.lock$/;
const NAME_BYTES = 8;
/** Two that start at the same moment see each other and both step back; then one is first. */
const ATTEMPTS = 4;
const LONGEST_PAUSE_MS = 60;

/**
 * Holds a store folder for one writing process. LMDB alone would let two processes write in turns, and
 * two sequencers would then each overwrite what the other acknowledged. Node has no flock, and process ids
 * say nothing across containers; so a holder listens on a socket in the folder, and the kernel knows
 * whether somebody still does. Every claim has a name of its own, never used again: removing the claim of
 * a process that is gone cannot remove that of a living one.
 * @throws AppError store_in_use
 */
export async function takeWriterLock(folder: string): Promise<WriterLock> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (let attempt = 1; ; attempt++) {
    const lock = await claim(folder);
    if (lock) return lock;
    if (attempt === ATTEMPTS) throw fail('store_in_use');
    await setTimeout(Math.random() * LONGEST_PAUSE_MS * attempt);
  }
}

/**
 * First shows the own claim, then looks for others: of two that do so at once, at least one sees the
 * other. Undefined when another process holds or claims the folder.
 */
async function claim(folder: string): Promise<WriterLock | undefined> {
  const id = randomBytes(NAME_BYTES).toString('hex');
  const name = `writer-${id}.lock`;
  const server = await show(folder, name);
  const release = (): void => {
    rmSync(join(folder, name), { force: true });
    server.close();
  };
  try {
    for (const other of readdirSync(folder)) {
      if (other === name || !CLAIM.test(other)) continue;
      if (await inFolder(folder, other, isListening)) {
        release();
        return undefined;
      }
      rmSync(join(folder, other), { force: true });
    }
  } catch (error) {
    release();
    throw error;
  }
  return { release };
}

/** Listens before the name can be seen: a socket that does not listen yet would pass for one that died. */
async function show(folder: string, name: string): Promise<Listening> {
  const unseen = `${name}.new`;
  const server = await inFolder(folder, unseen, listen);
  try {
    renameSync(join(folder, unseen), join(folder, name));
    return server;
  } catch (error) {
    server.close();
    throw error;
  }
}
