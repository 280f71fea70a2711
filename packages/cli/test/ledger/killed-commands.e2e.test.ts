import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attestel } from '../harness/attestel.ts';
import { createLedgerFolder } from '../harness/ledger-folder.ts';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const BLOCKS = 60;
let folder: string;
let key: string;
let entries: number;
const at = (name: string): string => join(folder, name);
const data = (): string[] => ['--data', at('data')];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'attestel-killed-'));
  const ledger = await createLedgerFolder(at('data'));
  for (let i = 0; i < BLOCKS; i++) await ledger.registerApp(`app-${i}`);
  await ledger.close();
  await attestel('ledger', 'export', ...data(), '--out', at('whole.jsonl'));
  const { out } = await attestel('ledger', 'verify', ...data(), '--json');
  ({ signer: key, entries } = JSON.parse(out));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Runs a command as a process and has `kill -9` strike so long after it began to write. */
async function killed(args: readonly string[], begun: () => Promise<boolean>, milliseconds: number) {
  const child = spawn(process.execPath, ['--conditions=source', MAIN, ...args], { stdio: 'ignore' });
  const ended = new Promise<void>((resolve) => void child.once('exit', () => resolve()));
  let over = false;
  void ended.then(() => {
    over = true;
  });
  while (!over && !(await begun())) await setTimeout(1);
  await setTimeout(milliseconds);
  child.kill('SIGKILL');
  await ended;
}

const holds = async (part: string): Promise<boolean> =>
  (await readdir(folder)).some((name) => name.includes(part));
const fsck = async (store: string) =>
  JSON.parse((await attestel('ledger', 'fsck', '--store', store, '--json')).out);

describe.each([0, 5, 20, 60, 150])(
  'a command that is killed %i ms after it began to write',
  (milliseconds) => {
    it('has imported the whole ledger or none', async () => {
      const store = at(`import-${milliseconds}`);
      const args = ['ledger', 'import', '--in', at('whole.jsonl'), '--store', store, '--key', key];
      await killed(args, () => holds('.importing-'), milliseconds);
      if (!existsSync(store)) expect((await attestel(...args)).code).toBe(0);
      expect(await fsck(store)).toMatchObject({ ok: true, entries });
      for (const name of await readdir(folder))
        if (name.includes('.importing-')) await rm(at(name), { recursive: true });
    });

    it('has written the whole export or none', async () => {
      const out = `export-${milliseconds}.jsonl`;
      const args = ['ledger', 'export', ...data(), '--out', at(out)];
      await killed(args, () => holds(`${out}.new`), milliseconds);
      if (!existsSync(at(out))) expect((await attestel(...args)).code).toBe(0);
      expect((await attestel('ledger', 'verify', '--in', at(out), ...data())).code).toBe(0);
    });

    it('has restored the whole snapshot, or what another restore completes', async () => {
      const snapshot = at('snapshot');
      if (!existsSync(snapshot)) await attestel('ledger', 'snapshot', ...data(), '--out', snapshot);
      const store = at(`restore-${milliseconds}`);
      const network = ['--network', 'demo-0badcafe', '--key', key];
      const args = ['ledger', 'restore', '--in', snapshot, '--store', store, ...network];
      await killed(args, async () => existsSync(store), milliseconds);
      const { code, out } = await attestel(...args, '--json');
      // Complete already: then it is not overwritten.
      if (code !== 0) expect([code, JSON.parse(out).error]).toEqual([4, 'store_mismatch']);
      expect(await fsck(store)).toMatchObject({ ok: true });
    });

    it('has left a compacted store sound', async () => {
      const store = at(`compact-${milliseconds}`);
      await cp(at('data/ledger'), store, { recursive: true });
      const args = ['ledger', 'compact', '--store', store];
      await killed(args, async () => existsSync(join(store, 'compact.new')), milliseconds);
      expect(await fsck(store)).toMatchObject({ ok: true, entries });
      expect((await attestel(...args)).code).toBe(0);
      expect(await fsck(store)).toMatchObject({ ok: true, entries });
    });
  },
);
