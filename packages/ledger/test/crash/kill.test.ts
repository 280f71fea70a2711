import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fromHex, type Store, systemClock } from '@attestel/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkStore, openLmdbStore, verifyLedger } from '../../src/index.ts';
import { TABLES } from '../../src/tables.ts';
import { ORIGIN, openTestLedger, rules, trust } from '../fixtures/open-test-ledger.ts';
import { seededRandom } from '../fixtures/seeded-random.ts';

/** All of them in CI. */
const ROUNDS = process.env.ATTESTEL_REQUIRE_ALL === '1' ? 50 : 10;
/** A replay of everything so far takes longer each time: at the end, and on some of the way there. */
const REPLAY_EVERY = 10;
const child = fileURLToPath(new URL('../fixtures/crash-child.ts', import.meta.url));
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'attestel-crash-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/**
 * Runs the writer and kills it with SIGKILL some acknowledgements and milliseconds later, so that the
 * rounds hit different points of a commit. Returns what it acknowledged.
 */
function runAndKill(path: string, acknowledgements: number, milliseconds: number): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const writer = spawn(process.execPath, ['--conditions=source', child, path], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    writer.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      if (output.split('\n').length - 2 < acknowledgements) return;
      setTimeout(() => writer.kill('SIGKILL'), milliseconds);
    });
    writer.on('error', reject);
    writer.on('close', (code, signal) => {
      if (signal !== 'SIGKILL') return reject(new Error(`the writer ended by itself: ${code}`));
      // The last piece may be a cut line: it was not told completely, so it is no acknowledgement.
      const [ready, ...ids] = output.split('\n').slice(0, -1);
      return ready === 'ready' ? resolve(ids) : reject(new Error('the writer did not start'));
    });
  });
}

/** Opens where the killed process left off, and comes to the same roots from the log alone. */
async function assertReplays(store: Store): Promise<void> {
  const ledger = await openTestLedger({ store, clock: systemClock });
  const { height, size, root, time } = ledger.head();
  expect(await verifyLedger({ ...trust, store })).toMatchObject({ ok: true, height, size, root, time });
  await ledger.close();
}

describe('kill -9 of a writing process', () => {
  it(`loses nothing acknowledged and needs no repair, ${ROUNDS} times`, async () => {
    const acknowledged: string[] = [];
    const random = seededRandom(20_261_122);
    for (let round = 1; round <= ROUNDS; round++) {
      acknowledged.push(...(await runAndKill(folder, random(60), random(16))));
      const store = await openLmdbStore({ path: folder });
      for (const id of acknowledged) expect(store.get(TABLES.operations, fromHex(id))).toBeDefined();
      expect([round, checkStore({ ...rules, origin: ORIGIN, store })]).toMatchObject([round, { ok: true }]);
      if (round % REPLAY_EVERY === 0) await assertReplays(store);
      await store.close();
    }
    expect(acknowledged.length).toBeGreaterThan(ROUNDS);
  }, 300_000);
});
