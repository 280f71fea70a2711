import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { callNode } from '../src/node-api.ts';
import { attestel } from './harness/attestel.ts';
import { claimPorts } from './harness/claim-ports.ts';
import { type Demo, newDataDir, node, startDemo } from './harness/demo.ts';
import { createSeededRandom } from './harness/seeded-random.ts';

// Fixed, so that a run can be compared with the last; other points by ATTESTEL_SEED.
const SEED = Number(process.env.ATTESTEL_SEED ?? 20_261_122);

const UP = ['--operators', '1', '--no-apps'];
const EARLIEST_MS = 700;
const LATEST_MS = 4_000;

describe(`kill -9 of the very first start (ATTESTEL_SEED=${SEED})`, () => {
  const random = createSeededRandom(SEED);
  let basePort: number;
  beforeAll(async () => {
    basePort = await claimPorts(18_100);
  });

  /** Parties, keys, genesis and registry are being made when it dies. */
  async function dieWhileStarting(dataDir: string): Promise<void> {
    const child = node(['up', '--port', String(basePort), ...UP], dataDir);
    const ended = once(child, 'exit');
    await wait(EARLIEST_MS + random.whole(LATEST_MS - EARLIEST_MS));
    child.kill('SIGKILL');
    await ended;
  }

  it.each([1, 2, 3])('%i: needs no repair, and later starts find the same consortium', async () => {
    const dataDir = await newDataDir();
    let demo: Demo | undefined;
    try {
      for (let i = 0; i < 2; i++) await dieWhileStarting(dataDir);
      demo = await startDemo(basePort, UP, dataDir);
      const registry = `${demo.url(demo.ports.operator(0))}/v1/registry`;
      const known = async () => [await callNode(`${registry}/issuers`), await callNode(`${registry}/apps`)];
      const before = await known();
      await demo.kill('SIGKILL');
      await demo.restart();
      expect(await known()).toEqual(before);
      await demo.kill('SIGKILL');
      expect((await attestel('ledger', 'verify', '--data', dataDir)).code).toBe(0);
    } finally {
      await demo?.kill('SIGKILL');
      await rm(dataDir, { recursive: true, force: true });
    }
  });
});
