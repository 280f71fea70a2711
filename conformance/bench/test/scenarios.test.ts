import { describe, expect, it } from 'vitest';
import { runCommands } from '../src/scenarios/commands.ts';
import { openContractNode } from '../src/scenarios/contract-node.ts';
import { shareOf } from '../src/scenarios/measure-commands.ts';
import { thing } from '../src/scenarios/modules.ts';

/** All of them where everything is wanted; a few show as well that none is lost. */
const COMMANDS = process.env.ATTESTEL_REQUIRE_ALL === '1' ? 10_000 : 600;

describe('many commands at once', () => {
  it('[C11] are all there once they are acknowledged; prints rate and p95', async () => {
    const node = await openContractNode([thing]);
    try {
      // Looks up each object that a command was acknowledged for.
      const { rate, taken } = await runCommands(node, 0, COMMANDS);
      expect(taken.length).toBe(COMMANDS);
      expect(node.host.feed(0, COMMANDS + 1).length).toBe(COMMANDS);
      const { payloads, objects, faults } = node.host.verify();
      expect({ payloads, objects, faults }).toEqual({
        payloads: COMMANDS,
        objects: COMMANDS / 2,
        faults: [],
      });
      expect(node.host.outbox()).toEqual([]);
      console.info(
        `${COMMANDS} commands: ${Math.round(rate)}/s, p95 ${shareOf(taken, 0.95).toFixed(0)} ms of 256 at once`,
      );
    } finally {
      await node.close();
    }
  }, 300_000);
});
