import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createMemoryStore, fromHex, silentLogger, toHex } from '@attestel/core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type CometLedger, openCometLedger } from '../../../src/index.ts';
import { cometRules, genesisState } from '../../fixtures/comet-network.ts';
import { FakeEngine } from '../../fixtures/fake-engine.ts';
import { manualClock, ORIGIN, START } from '../../fixtures/open-test-ledger.ts';
import { seededRandom } from '../../fixtures/seeded-random.ts';

/** All of them in CI. */
const ROUNDS = process.env.ATTESTEL_REQUIRE_ALL === '1' ? 50 : 10;
const PROGRAM = fileURLToPath(new URL('../../fixtures/comet-crash-child.ts', import.meta.url));
const VICTIM = 1;

let folder: string;
let steady: CometLedger;
let engine: FakeEngine;
let child: ChildProcess;
const acknowledged = new Set<string>();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'comet-kills-'));
  const paths = ['steady', 'victim'].map((name) => join(folder, `${name}.sock`));
  engine = new FakeEngine(paths, START * 1000);
  steady = await openCometLedger({
    ...cometRules,
    origin: ORIGIN,
    store: createMemoryStore(),
    clock: manualClock(),
    logger: silentLogger,
    socketPath: paths[0] as string,
    engine: (tx) => engine.broadcast(0, tx),
  });
  child = await startVictim();
  await engine.start(await genesisState());
});
afterAll(async () => {
  child.kill('SIGKILL');
  await engine.stop();
  await steady.close();
  await rm(folder, { recursive: true });
});

interface Told {
  readonly kind: 'ready' | 'broadcast' | 'acknowledged' | 'checked';
  readonly id: never;
  readonly tx: string;
}

async function startVictim(): Promise<ChildProcess> {
  const started = fork(PROGRAM, [join(folder, 'victim'), join(folder, 'victim.sock')], {
    execArgv: ['--conditions=source'],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  started.on('message', async ({ kind, id, tx }: Told) => {
    if (kind === 'acknowledged') acknowledged.add(id);
    if (kind !== 'broadcast') return;
    const taken = await engine.broadcast(VICTIM, fromHex(tx)).catch(() => undefined);
    if (taken && started.connected) started.send({ kind: 'taken', id, code: taken.code });
  });
  await once(started, 'message');
  return started;
}

/** Makes blocks until the victim is gone. What else may go wrong, a difference between the nodes first, is thrown. */
async function makeBlocks(): Promise<void> {
  for (;;) {
    try {
      await engine.makeBlock();
    } catch (error) {
      if (error instanceof Error && error.message === 'the connection ended') return;
      throw error;
    }
  }
}

async function assertVictimHasAll(): Promise<void> {
  const ids = [...acknowledged];
  child.send({ kind: 'check', ids });
  for (;;) {
    const [told] = await once(child, 'message');
    if (told.kind !== 'checked') continue;
    expect(told).toMatchObject({ missing: [], appHash: toHex(steady.head().appHash) });
    break;
  }
  for (const id of ids) expect(steady.indexOf(fromHex(id))).toBeDefined();
}

it(`an application or its engine, killed ${ROUNDS} times at any point of a block, loses nothing acknowledged`, async () => {
  const random = seededRandom(20_261_123);
  for (let round = 1; round <= ROUNDS; round++) {
    child.send({ kind: 'begin' });
    const blocks = makeBlocks();
    await setTimeout(20 + random(60));
    const kills = random(3);
    // The engine alone, the application alone, or both.
    if (kills !== 1) engine.drop(VICTIM);
    if (kills !== 0) {
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    }
    await blocks;
    if (kills !== 0) child = await startVictim();
    // The handshake replays what the store lacks, and compares each app hash.
    await engine.reconnect(VICTIM, await genesisState());
    await assertVictimHasAll();
  }
  expect(acknowledged.size).toBeGreaterThan(ROUNDS);
}, 300_000);
