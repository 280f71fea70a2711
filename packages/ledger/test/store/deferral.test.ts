import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Store, utf8 } from '@attestel/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { compactStore } from '../../src/index.ts';
import { type LmdbStoreOptions, openDeferring } from '../../src/store/lmdb-store.ts';
import { rowsAfter, rowsIn, stepOf, TEST_DEFERRAL, writeStep } from '../fixtures/deferral-steps.ts';
import { seededRandom } from '../fixtures/seeded-random.ts';

/** All of them in CI. */
const ROUNDS = process.env.ATTESTEL_REQUIRE_ALL === '1' ? 50 : 12;
const child = fileURLToPath(new URL('../fixtures/deferral-child.ts', import.meta.url));

let path: string;
let opened: Store[];
const open = async (options: Partial<LmdbStoreOptions> = {}): Promise<Store> => {
  const store = await openDeferring({ path, ...options }, TEST_DEFERRAL);
  opened.push(store);
  return store;
};
beforeEach(async () => {
  path = await mkdtemp(join(tmpdir(), 'attestel-deferral-'));
  opened = [];
});
afterEach(async () => {
  for (const store of opened) await store.close();
  await rm(path, { recursive: true, force: true });
});

/** Kills a writer some steps and milliseconds after it began. Returns the last step that it told. */
function runAndKill(steps: number, milliseconds: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const writer = spawn(process.execPath, ['--conditions=source', child, path], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    writer.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      if (output.split('\n').length - 2 < steps) return;
      setTimeout(() => writer.kill('SIGKILL'), milliseconds);
    });
    writer.on('error', reject);
    writer.on('close', (code, signal) => {
      if (signal !== 'SIGKILL') return reject(new Error(`the writer ended by itself: ${code}`));
      // The last piece may be a cut line.
      const told = output.split('\n').slice(1, -1);
      resolve(Number(told.at(-1) ?? 0));
    });
  });
}

describe('an LMDB store whose rows wait in a journal', () => {
  it(`holds all of every step up to the last after kill -9, ${ROUNDS} times`, async () => {
    const random = seededRandom(20_261_123);
    let last = 0;
    for (let round = 1; round <= ROUNDS; round++) {
      const told = await runAndKill(random(120), random(10));
      const store = await openDeferring({ path }, TEST_DEFERRAL);
      const step = stepOf(store);
      expect(step).toBeGreaterThanOrEqual(Math.max(told, last));
      expect(rowsIn(store)).toEqual(rowsAfter(step));
      await store.close();
      last = step;
    }
    expect(last).toBeGreaterThan(20 * ROUNDS);
  }, 300_000);

  it('shows the same after each step to its writer, to a reader beside it, opened again and compacted', async () => {
    let store = await open();
    for (let step = 1; step <= 120; step++) {
      expect(await store.transact(writeStep)).toBe(step);
      const rows = rowsAfter(step);
      expect(rowsIn(store)).toEqual(rows);
      const reader = await openDeferring({ path, readOnly: true }, TEST_DEFERRAL);
      expect([stepOf(reader), rowsIn(reader)]).toEqual([step, rows]);
      await reader.close();
      if (step % 10 !== 0) continue;
      await store.close();
      if (step % 30 === 0) await compactStore(path);
      store = await open();
      expect([stepOf(store), rowsIn(store)]).toEqual([step, rows]);
    }
  }, 60_000);

  it('shows a reader that goes on over many turns the step that it began with', async () => {
    const store = await open();
    for (let i = 0; i < 60; i++) await store.transact(writeStep);
    const [table = ''] = TEST_DEFERRAL.tables;
    const before = [...store.range(table)];
    const entries = store.range(table)[Symbol.iterator]();
    const found = [entries.next().value];
    for (let i = 0; i < 60; i++) await store.transact(writeStep);
    for (let next = entries.next(); !next.done; next = entries.next()) found.push(next.value);
    expect(found).toEqual(before);
    expect([...store.range(table)]).not.toEqual(before);
  });

  it('refuses reads once it is closed', async () => {
    const store = await open();
    await store.transact(writeStep);
    await store.close();
    expect(() => store.get('test/direct', utf8('step'))).toThrow('closed');
    expect(() => [...store.range('test/direct')]).toThrow('closed');
    expect(() => [...store.range('test/rows')]).toThrow('closed');
  });
});
