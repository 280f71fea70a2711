import { setTimeout } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { engineForTests, NO_ENGINE } from '../../fixtures/engine-for-tests.ts';
import { type KeptAdditions, keepAdditions } from '../../fixtures/kept-additions.ts';
import { canMakeLan, type Lan, NO_NAMESPACES, openLan } from '../../fixtures/lan.ts';
import { ANN, BOB, CYD } from '../../fixtures/open-test-ledger.ts';
import { openRealNetwork, type RealNetwork } from '../../fixtures/real-network.ts';
import type { RealNode } from '../../fixtures/real-node.ts';
import { NO_SKEWED_ENGINE, skewedEngine } from '../../fixtures/skewed-engine.ts';

const binary = await engineForTests();
const skewed = binary && (await skewedEngine(binary));
const hasLan = await canMakeLan();
const LONG_ENOUGH_FOR_SOME_ROUNDS_MS = 4000;
const HOUR = 3600;

describe.skipIf(!binary || !hasLan)(
  `a network that is cut in two (${binary ? (hasLan ? 'namespaces' : NO_NAMESPACES) : NO_ENGINE})`,
  () => {
    let lan: Lan;
    let network: RealNetwork;
    let kept: KeptAdditions;
    let nodes: readonly RealNode[];
    beforeAll(async () => {
      lan = await openLan(4);
      network = await openRealNetwork(binary as string, 4, { lan });
      nodes = network.nodes;
      kept = keepAdditions(network);
      await kept.add(ANN, 0);
      await kept.expectAllKept();
    });
    afterAll(async () => {
      await network?.close();
      await lan?.close();
    });

    it('three and one: the three go on, the one does not, and has it all when the cut is healed', async () => {
      const [alone] = nodes.slice(3) as [RealNode];
      await lan.part([[0, 1, 2], [3]]);
      const before = await alone.status();
      for (let k = 0; k < 4; k++) await kept.add(BOB, k % 3);
      const cut = kept.expectAllKept(nodes.slice(0, 3));
      expect((await cut).size).toBeGreaterThan(before.size);
      expect((await alone.status()).size).toBe(before.size);
      await lan.heal();
      await kept.expectAllKept();
      await kept.add(CYD, 3);
      await kept.expectAllKept();
    });

    it('two and two: neither half decides anything; healed, they decide what waited', async () => {
      const before = await kept.expectAllKept();
      await lan.part([
        [0, 1],
        [2, 3],
      ]);
      const waiting = Promise.all([kept.add(ANN, 0), kept.add(CYD, 2)]);
      await setTimeout(LONG_ENOUGH_FOR_SOME_ROUNDS_MS);
      for (const node of nodes) expect((await node.status()).size).toBe(before.size);
      await lan.heal();
      await waiting;
      await kept.expectAllKept();
    });
  },
);

describe.skipIf(!binary)(`a network (${binary ? 'loopback' : NO_ENGINE})`, () => {
  let network: RealNetwork | undefined;
  afterEach(() => network?.close());

  it('in which everything is 30 ms late decides the same', async () => {
    network = await openRealNetwork(binary as string, 4, { linkMilliseconds: 30 });
    const kept = keepAdditions(network);
    await Promise.all([ANN, BOB, CYD].map((actor, i) => kept.add(actor, i)));
    for (let k = 0; k < 3; k++) await kept.add(BOB, k);
    await kept.expectAllKept();
  });

  it.skipIf(!skewed)(
    `with one clock an hour off keeps the time of the others (${skewed ? 'the engine and the application of one validator' : NO_SKEWED_ENGINE})`,
    async () => {
      network = await openRealNetwork(binary as string, 4, { genesisMs: Date.now() - 2 * HOUR * 1000 });
      const kept = keepAdditions(network);
      // The engine's first block has the time of the genesis, the second that of votes.
      for (let k = 0; k < 2; k++) await kept.add(ANN, k);
      const wrong = network.nodes[3] as RealNode;
      let time = 0;
      for (const skewSeconds of [HOUR, -HOUR]) {
        await wrong.stop();
        await wrong.start({ binary: skewed as string, skewSeconds });
        // Every one of them proposes, the wrong one too; and without another, its vote counts.
        for (let k = 0; k < 5; k++) {
          await kept.add([ANN, BOB, CYD][k % 3] as string, k);
          const status = await (network.nodes[k % 3] as RealNode).status();
          expect(status.time).toBeGreaterThanOrEqual(time);
          time = status.time;
          expect(Math.abs(time - Date.now() / 1000)).toBeLessThan(HOUR / 2);
        }
        await kept.expectAllKept();
        expect(await wrong.log()).not.toContain('proposal_rejected');
      }
    },
  );
});
