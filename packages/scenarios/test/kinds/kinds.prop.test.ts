import { canonicalizeJson, type JsonValue } from '@attestel/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sum } from '../../src/decimal/decimal.ts';
import type { AccountState } from '../../src/kinds/account.ts';
import type { AssetState } from '../../src/kinds/asset.ts';
import { ERASED } from '../../src/module/module.ts';
import type { Play } from '../harness/play.ts';
import { attemptsAt, DIDS, isTold, playAll } from './random-play.ts';
import { all, board } from './samples.ts';

const NAMES = all.map(({ name }) => name);

/** Everything that a play left behind, as text. */
const trace = (play: Play): string => canonicalizeJson(play.lines as unknown as JsonValue);

describe.each(NAMES)('%s under random commands', (name) => {
  it('each command is done by some and refused to others, and evolve takes every event [C12]', () => {
    const [done, refused] = [new Set<string>(), new Set<string>()];
    const commands = Object.keys(all.find((module) => module.name === name)?.commands ?? {}).sort();
    // The seed is fixed: what is asked here is whether these attempts reach everything at all.
    for (const attempts of fc.sample(attemptsAt(name), { numRuns: 120, seed: 20_261_122 })) {
      for (const [at, outcome] of playAll(attempts).outcomes.entries())
        (outcome === 'done' ? done : refused).add(attempts[at]?.command ?? '');
      if (done.size === commands.length && refused.size > 0) break;
    }
    expect([...done].sort()).toEqual(commands);
    expect(refused.size).toBeGreaterThan(0);
  });

  it('whoever sees an object was told of its last event, and whoever is told sees it before or after [C12]', () => {
    fc.assert(
      fc.property(attemptsAt(name), (attempts) => {
        const saw = new Map<string, readonly string[]>();
        playAll(attempts, (play, module) => {
          const events = play.lines.at(-1)?.events ?? [];
          for (const id of new Set(events.map(({ object }) => object))) {
            const last = events.findLast(({ object }) => object === id);
            const state = play.state<JsonValue>(module.name, id);
            const seers = DIDS.filter((did) => module.visible(state, play.reader(did)));
            const told = DIDS.filter((did) => isTold(last?.parties ?? [], did) || did === last?.party);
            expect(told).toEqual(expect.arrayContaining(seers));
            const before = saw.get(id) ?? [];
            expect([...seers, ...before]).toEqual(expect.arrayContaining(told));
            expect(seers).toEqual(
              expect.arrayContaining(DIDS.filter((did) => module.movers(state).includes(did))),
            );
            saw.set(id, seers);
          }
        });
      }),
      { numRuns: 12 },
    );
  });

  it('runs the same twice, without clock and randomness [C7]', () => {
    fc.assert(
      fc.property(attemptsAt(name), (attempts) => {
        const first = trace(playAll(attempts).play);
        expect(withoutClock(() => trace(playAll(attempts).play))).toBe(first);
      }),
      { numRuns: 6 },
    );
  });

  it('goes on when any payloads were erased: evolve is total, refusals are refusals [C6]', () => {
    fc.assert(
      fc.property(attemptsAt(name), fc.array(fc.nat(6), { maxLength: 4 }), (attempts, erased) => {
        let done = 0;
        playAll(attempts, (play, module) => {
          done += 1;
          if (done % 3 !== 0) return;
          for (const id of play.ids(module.name)) {
            play.erase(module.name, id, ...erased);
            const gone = erased.filter((at) => at < play.events(module.name, id).length);
            const state = play.state<{ erased: number }>(module.name, id);
            expect(state.erased).toBe(new Set(gone).size);
            for (const did of DIDS) module.visible(state as never, play.reader(did));
          }
        });
      }),
      { numRuns: 12 },
    );
  });

  it('declares no event of the name that stands for erased ones', () => {
    expect(all.find((module) => module.name === name)?.events).not.toHaveProperty(ERASED);
  });
});

it('balances add up to zero whatever was tried, and none is below its overdraft [C12]', () => {
  fc.assert(
    fc.property(attemptsAt('test.points'), (attempts) => {
      playAll(attempts, (play) => {
        const states = play.ids('test.points').map((id) => play.state<AccountState>('test.points', id));
        expect(sum(states.map(({ balance }) => balance))).toBe('0');
        for (const { balance, overdraft } of states)
          if (overdraft !== null) expect(sum([balance, overdraft])).not.toMatch(/^-/);
      });
    }),
    { numRuns: 15 },
  );
});

it('assets take no step that their table does not have [C12]', () => {
  const allowed: Record<string, readonly string[]> = {
    stored: ['inService', 'retired'],
    inService: ['repair', 'stored'],
    // Received in repair, an asset of this kind is in service.
    repair: ['inService', 'retired'],
    retired: [],
  };
  fc.assert(
    fc.property(attemptsAt(board.name), (attempts) => {
      const { play } = playAll(attempts);
      for (const id of play.ids(board.name)) {
        const { steps } = play.state<AssetState>(board.name, id);
        for (const [at, { status }] of steps.slice(1).entries()) {
          const before = steps[at]?.status ?? '';
          expect(status === before || allowed[before]?.includes(status)).toBe(true);
        }
      }
    }),
    { numRuns: 15 },
  );
});

function withoutClock<T>(run: () => T): T {
  const { Date: clock } = globalThis;
  const { random } = Math;
  const poison = (): never => {
    throw new Error('a module asks for time or chance');
  };
  try {
    globalThis.Date = new Proxy(clock, { get: poison, construct: poison, apply: poison });
    Math.random = poison;
    return run();
  } finally {
    globalThis.Date = clock;
    Math.random = random;
  }
}
