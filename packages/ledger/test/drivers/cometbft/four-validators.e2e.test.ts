import { setTimeout } from 'node:timers/promises';
import { toHex } from '@attestel/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { engineForTests, NO_ENGINE } from '../../fixtures/engine-for-tests.ts';
import { type KeptAdditions, keepAdditions } from '../../fixtures/kept-additions.ts';
import { ANN, addition, BOB, CYD } from '../../fixtures/open-test-ledger.ts';
import { openRealNetwork, type RealNetwork } from '../../fixtures/real-network.ts';
import type { RealNode } from '../../fixtures/real-node.ts';
import { seededRandom } from '../../fixtures/seeded-random.ts';

const binary = await engineForTests();
const KILLS = 8;

describe.skipIf(binary === undefined)(
  `four validators under CometBFT (${binary ? 'real' : NO_ENGINE})`,
  () => {
    let network: RealNetwork;
    let nodes: readonly RealNode[];
    let kept: KeptAdditions;

    beforeAll(async () => {
      network = await openRealNetwork(binary as string, 4, { snapshotsEvery: 5 });
      nodes = network.nodes;
      kept = keepAdditions(network);
    });
    afterAll(() => network?.close());

    const add: KeptAdditions['add'] = (actor, at) => kept.add(actor, at);
    const expectAllKept: KeptAdditions['expectAllKept'] = (some) => kept.expectAllKept(some);

    it('has one app hash on all nodes, whatever node took the operations', async () => {
      await Promise.all([add(ANN, 0), add(BOB, 1), add(CYD, 2)]);
      await add(BOB, 3);
      await expectAllKept();
      const validators = await nodes[0]?.rpc.validators();
      const keys = nodes.map(({ identity }) => toHex(identity?.consensusKey ?? new Uint8Array()));
      expect(validators?.map(({ publicKey }) => toHex(publicKey)).sort()).toEqual(keys.sort());
    });

    it('makes no blocks while nothing happens', async () => {
      const before = await network.agree();
      await setTimeout(2500);
      const after = await network.agree();
      // The block that proves the last app hash may still come.
      expect(after.engineHeight - before.engineHeight).toBeLessThanOrEqual(1);
      expect(after.appHash).toBe(before.appHash);
    });

    it('loses nothing when an application is killed; its engine ends with it, and both come back', async () => {
      const victim = nodes[1] as RealNode;
      const { pid } = await victim.status();
      const load = Promise.all(
        [0, 2, 3].map(async (at, i) => {
          for (let k = 0; k < 4; k++) await add([ANN, BOB, CYD][i] as string, at);
        }),
      );
      await setTimeout(700);
      await victim.killApplication();
      await victim.start();
      // By itself, or because it did not.
      await ended(pid as number);
      await load;
      await add(CYD, 1);
      await expectAllKept();
    });

    it('loses nothing when an engine is killed; its application starts another', async () => {
      const victim = nodes[2] as RealNode;
      const load = Promise.all(
        [0, 2, 3].map(async (at, i) => {
          for (let k = 0; k < 4; k++) await add([ANN, BOB, CYD][i] as string, at);
        }),
      );
      await setTimeout(700);
      const killed = await victim.killEngine();
      await load;
      await add(BOB, 2);
      expect((await victim.status()).pid).not.toBe(killed);
      await expectAllKept();
    });

    it(`loses nothing in ${KILLS} kills of whatever process at whatever time, under load`, async () => {
      const random = seededRandom(20_261_124);
      for (let round = 0; round < KILLS; round++) {
        const at = random(nodes.length);
        const victim = nodes[at] as RealNode;
        const load = Promise.all(
          [ANN, BOB, CYD].map(async (actor, i) => {
            for (let k = 0; k < 3; k++) await add(actor, at + 1 + i);
          }),
        );
        await setTimeout(random(1200));
        if (random(2) === 0) {
          await victim.killApplication();
          await victim.start();
        } else {
          await victim.killEngine();
        }
        await load;
        await expectAllKept();
      }
    });

    it('goes on with one of four down, which catches up when it is back', async () => {
      const absent = nodes[3] as RealNode;
      await absent.stop();
      for (let k = 0; k < 3; k++) await add(ANN, k);
      await expectAllKept(nodes.slice(0, 3));
      await absent.start();
      await expectAllKept();
    });

    it('stops with two of four down, and goes on when one is back', async () => {
      const [, , third, fourth] = nodes as [RealNode, RealNode, RealNode, RealNode];
      await third.stop();
      await fourth.stop();
      const before = await network.agree(nodes.slice(0, 2));
      const waiting = add(BOB, 0);
      await setTimeout(3000);
      expect((await (nodes[0] as RealNode).status()).size).toBe(before.size);
      await third.start();
      await waiting;
      await fourth.start();
      await expectAllKept();
    });

    it('lets the ledger decide who its validators are', async () => {
      const [first, , , fourth] = nodes as [RealNode, RealNode, RealNode, RealNode];
      const key = fourth.identity?.consensusKey as Uint8Array;
      const powerOf = async () => {
        const found = (await first.rpc.validators()).find(({ publicKey }) => toHex(publicKey) === toHex(key));
        return found?.power ?? 0;
      };
      // The first only makes it known to the ledger with the power it has; the second takes it away.
      for (const [sequence, power] of [10, 0, 7].entries()) {
        const notAfter = Math.floor(Date.now() / 1000) + 3600;
        const overrides = { module: 'voters', kind: 'set', notAfter, body: { key, power } };
        expect(await first.submit(await addition(BOB, sequence, overrides))).toEqual(['ok']);
        // A set holds from the block after the next.
        while ((await powerOf()) !== power) await add(ANN, 0);
        await expectAllKept();
      }
    });

    it('takes a wiped node back in by snapshot, as a validator that votes', async () => {
      const [first, second, , fourth] = nodes as [RealNode, RealNode, RealNode, RealNode];
      // Blocks beyond the newest snapshot: the engine's light client wants two.
      for (let k = 0; k < 6; k++) await add(CYD, k);
      await network.agree();
      const trustHash = await first.rpc.blockHash(1);
      await fourth.stop();
      const rpcServers = [first.rpcUrl, second.rpcUrl];
      await network.wipe(3, { rpcServers, trustHeight: 1, trustHash });
      await fourth.start();
      for (let k = 0; k < 3; k++) await add(ANN, k);
      await expectAllKept();
      expect(await fourth.log()).toContain('snapshot_restored');
      // With another one gone, nothing is decided without the vote of the node that came back.
      await second.stop();
      for (let k = 0; k < 3; k++) await add(BOB, 3);
      await second.start();
      await expectAllKept();
    });
  },
);

async function ended(pid: number): Promise<void> {
  for (;;) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    await setTimeout(50);
  }
}
