import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { openLmdbStore } from '@attestel/ledger';
import { formatPolicy } from '@attestel/proof';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findNode } from '../../../../conformance/determinism/find-node.ts';
import { sendMixed } from './mixed-operations.ts';
import { openWorld, START } from './world.ts';

/** CI runs the whole length; a seventh of it finds the same faults, only less surely. */
const REQUIRED = process.env.ATTESTEL_REQUIRE_ALL === '1';
const OPERATIONS = REQUIRED ? 2_100 : 300;
const MINUTES = 60_000;
const program = fileURLToPath(new URL('./replay-program.ts', import.meta.url));
let folder: string;
let outcomes: Awaited<ReturnType<typeof sendMixed>>;
let policy: string;
let size: number;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pki-determinism-'));
  const store = await openLmdbStore({ path: folder });
  const world = await openWorld(START, store);
  outcomes = await sendMixed(world, OPERATIONS);
  await world.eraseAttachments();
  policy = formatPolicy(world.policy);
  size = world.ledger.head().size;
  await world.ledger.close();
  await store.close();
}, 5 * MINUTES);
afterAll(() => rm(folder, { recursive: true }));

describe('a log of PKI operations, without its attachments', () => {
  it('holds operations of many kinds, accepted and refused', () => {
    const all = [...outcomes.values()];
    expect(all.reduce((sum, { good }) => sum + good, 0)).toBeGreaterThan(OPERATIONS / 2);
    expect(all.filter(({ good }) => good > 0)).toHaveLength(7);
    expect(all.filter(({ bad }) => bad > 0).length).toBeGreaterThan(5);
  });

  it.each([22, 24, 26])(
    'gives the same state on Node %d',
    async (major) => {
      const node = findNode(major);
      if (node === undefined) {
        expect(REQUIRED, `Node ${major} is missing (ATTESTEL_NODE_${major})`).toBe(false);
        return;
      }
      const args = ['--conditions=source', '--no-warnings', program, folder, policy];
      const { stdout } = await promisify(execFile)(node, args);
      expect(JSON.parse(stdout)).toMatchObject({
        node: expect.stringMatching(`^v${major}\\.`),
        ok: true,
        size,
      });
    },
    5 * MINUTES,
  );
});
