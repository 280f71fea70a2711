import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openLmdbStore } from '../../src/index.ts';
import { takeWriterLock } from '../../src/store/writer-lock.ts';

const script = fileURLToPath(new URL('../fixtures/lock-child.ts', import.meta.url));
const inUse = { code: 'store_in_use', kind: 'conflict' };

let folder: string;
let children: ChildProcess[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'attestel-lock-'));
  children = [];
});
afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

interface Rival {
  /** Makes it open the store; tells how that went. */
  open(): Promise<string>;
  end(signal?: 'SIGKILL'): Promise<void>;
}

/** A process that is ready to open the store. `wrap`: a command to run it in. */
async function rival(wrap: readonly string[] = []): Promise<Rival> {
  const [command = '', ...args] = [...wrap, process.execPath, '--conditions=source', script, folder];
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  children.push(child);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<string> => String((await lines.next()).value);
  expect(await next()).toBe('ready');
  return {
    open() {
      child.stdin.write('go\n');
      return next();
    },
    async end(signal) {
      const ended = new Promise((resolve) => void child.once('exit', resolve));
      if (signal) child.kill(signal);
      else child.stdin.end();
      await ended;
    },
  };
}
const claims = (): string[] => readdirSync(folder).filter((name) => name.startsWith('writer'));

describe('the one writer of a store', () => {
  it('refuses others in its own process and outside until it lets go, and leaves nothing behind', async () => {
    const [first, second] = [await rival(), await rival()];
    const lock = await takeWriterLock(folder);
    await expect(takeWriterLock(folder)).rejects.toMatchObject(inUse);
    expect(await first.open()).toBe('store_in_use');
    lock.release();
    expect(claims()).toEqual([]);
    expect(await second.open()).toBe('opened');
    await expect(takeWriterLock(folder)).rejects.toMatchObject(inUse);
    await second.end();
    expect(claims()).toEqual([]);
  });

  it('holds nothing once it was killed', async () => {
    for (let i = 0; i < 3; i++) {
      const child = await rival();
      expect(await child.open()).toBe('opened');
      await child.end('SIGKILL');
    }
    const lock = await takeWriterLock(folder);
    expect(claims()).toHaveLength(1);
    lock.release();
  });

  it('is at most one of many that take over from a killed one at the same moment', async () => {
    const dead = await rival();
    await dead.open();
    await dead.end('SIGKILL');
    const rivals = await Promise.all(Array.from({ length: 5 }, () => rival()));
    const answers = await Promise.all(rivals.map((each) => each.open()));
    expect(answers.filter((answer) => answer === 'opened').length).toBeLessThanOrEqual(1);
    expect(answers.every((answer) => answer === 'opened' || answer === 'store_in_use')).toBe(true);
  }, 60_000);

  it('is at most one of many in one process', async () => {
    for (let round = 0; round < 10; round++) {
      const locks = await Promise.allSettled(Array.from({ length: 8 }, () => takeWriterLock(folder)));
      const held = locks.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
      expect(held.length).toBeLessThanOrEqual(1);
      for (const lock of held) lock.release();
      expect(claims()).toEqual([]);
    }
  }, 60_000);

  const unshare = ['unshare', '--map-root-user', '--pid', '--fork', '--mount-proc'];
  const canUnshare = spawnSync(unshare[0] as string, [...unshare.slice(1), 'true']).status === 0;
  it.skipIf(!canUnshare)('is one also across containers, where every process has the number 1', async () => {
    const [first, second] = [await rival(unshare), await rival(unshare)];
    expect(await first.open()).toBe('opened');
    expect(await second.open()).toBe('store_in_use');
  });

  it('works in folders whose path is longer than the address of a socket', async () => {
    const deep = join(folder, 'd'.repeat(120), 'e'.repeat(120));
    const lock = await takeWriterLock(deep);
    await expect(takeWriterLock(deep)).rejects.toMatchObject(inUse);
    lock.release();
    (await takeWriterLock(deep)).release();
    await (await openLmdbStore({ path: deep })).close();
  });

  it('takes a file that is no socket for no holder', async () => {
    await writeFile(join(folder, `writer-${'0'.repeat(16)}.lock`), '1 boot\n');
    (await takeWriterLock(folder)).release();
    expect(claims()).toEqual([]);
  });
});
