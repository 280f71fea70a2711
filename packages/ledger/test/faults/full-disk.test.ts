import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fromHex, systemClock } from '@attestel/core';
import { afterAll, describe, expect, it } from 'vitest';
import { checkStore, openLmdbStore, verifyLedger } from '../../src/index.ts';
import { TABLES } from '../../src/tables.ts';
import { ANN, addition, ORIGIN, openTestLedger, rules, trust } from '../fixtures/open-test-ledger.ts';

const child = fileURLToPath(new URL('../fixtures/full-disk-child.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'attestel-full-disk-'));
const mounted: string[] = [];
afterAll(() => {
  for (const path of mounted) execFileSync('umount', [path]);
  rmSync(folder, { recursive: true, force: true });
});

/** Runs the writer until its disk is full. A quota is a bound on the size of its files, in units of 1024 bytes. */
function fill(path: string, quota: number | 'unlimited'): Promise<{ ids: string[]; refusals: string[] }> {
  return new Promise((resolve, reject) => {
    const script = `ulimit -f ${quota}; exec "$0" --conditions=source "$1" "$2"`;
    const writer = spawn('bash', ['-c', script, process.execPath, child, path], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    writer.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
    writer.on('error', reject);
    writer.on('close', (code, signal) => {
      if (code !== 0) return reject(new Error(`the writer ended with ${code ?? signal}`));
      const lines = output.split('\n').slice(0, -1);
      const refusals = lines.filter((line) => line.startsWith('refused '));
      resolve({ ids: lines.filter((line) => !refusals.includes(line)), refusals });
    });
  });
}

/** What must hold once there is room again. */
async function assertWhole(path: string, ids: readonly string[]): Promise<void> {
  const store = await openLmdbStore({ path });
  expect(checkStore({ ...rules, origin: ORIGIN, store })).toMatchObject({ ok: true });
  for (const id of ids) expect(store.get(TABLES.operations, fromHex(id)), id).toBeDefined();
  const ledger = await openTestLedger({ store, clock: systemClock });
  const sequence = ledger.sequence('counter', ANN);
  const notAfter = Math.floor(Date.now() / 1000) + 600;
  expect(await ledger.submit([await addition(ANN, sequence, { notAfter })])).toMatchObject([{ ok: true }]);
  expect(await verifyLedger({ ...trust, store })).toMatchObject({ ok: true });
  await ledger.close();
  await store.close();
}

/** A small file system of its own, where this user may mount one. */
function smallDisk(): string | undefined {
  const path = mkdtempSync(join(folder, 'tmpfs-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1500k', 'tmpfs', path], { stdio: 'ignore' });
    mounted.push(path);
    return path;
  } catch {
    return undefined;
  }
}

describe('a disk that is full', () => {
  it.each([300, 333, 512, 700, 1024, 1500])(
    'by a quota of %d kB stops the ledger, which is whole when there is room again',
    async (quota) => {
      const path = join(folder, `quota-${quota}`);
      const { ids, refusals } = await fill(path, quota);
      expect(ids.length).toBeGreaterThan(3);
      expect(refusals).toEqual(['refused outcome_unknown', 'refused ledger_halted']);
      await assertWhole(path, ids);
    },
    60_000,
  );

  const disk = smallDisk();
  it(`as a file system, ${disk ? 'of 1.5 MB' : 'which this user cannot mount: by a quota again'}`, async () => {
    const path = disk ?? join(folder, 'no-mount');
    const { ids, refusals } = await fill(path, disk ? 'unlimited' : 900);
    expect(ids.length).toBeGreaterThan(3);
    expect(refusals).toEqual(['refused outcome_unknown', 'refused ledger_halted']);
    if (disk) execFileSync('mount', ['-o', 'remount,size=8m', disk]);
    await assertWhole(path, ids);
  }, 60_000);
});
