import type { JsonValue } from '@attestel/core';
import { type Execution, moduleDigestOf } from '@attestel/registry';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sum } from '../../src/decimal/decimal.ts';
import { createModuleDecider } from '../../src/host/shared/module-decider.ts';
import type { AccountState } from '../../src/kinds/account.ts';
import type { JsonObject, Module } from '../../src/module/module.ts';
import { dataFor } from '../kinds/random-data.ts';
import { type Attempt, attemptsAt } from '../kinds/random-play.ts';
import { A, all, B, C } from '../kinds/samples.ts';
import { CHANNEL, did, type Node, openWorld, settleAll } from './world.ts';

const ways: readonly Execution[] = ['private', 'shared'];
const MODULES = all.map((one) => ({ ...one, execution: ways })) as unknown as readonly Module[];

/** Three parties with hosts; what they say in the names of A, B and C is translated on its way in and out. */
interface Stage {
  readonly nodes: readonly Node[];
  run(by: number, act: { module: string; command: string; id: string; data: JsonObject }): Promise<boolean>;
  /** As its parties have it; undefined where there is no such object. */
  state(module: string, id: string): Promise<JsonObject | undefined>;
  settle(): Promise<void>;
}

async function openStage(way: Execution): Promise<Stage> {
  const deciders = way === 'shared' ? MODULES.map((module) => createModuleDecider(module)) : [];
  const shared = deciders.map(({ declaration }) => moduleDigestOf(declaration));
  const world = await openWorld({ deciders, shared });
  const nodes: Node[] = [];
  for (const who of [0, 1, 2]) nodes.push(await world.node(who, { modules: MODULES }));
  const names = [A, B, C].map((name, i) => [name, did(nodes[i] as Node)] as const);
  const into = (value: JsonValue) => translated(value, names);
  const back = names.map(([name, real]) => [real, name] as const);
  return {
    nodes,
    settle: () => settleAll(nodes),
    async run(by, { module, data, ...act }) {
      const node = nodes[by] as Node;
      const request = { ...act, channel: CHANNEL, module: `${module}@1.0.0`, actor: did(node) };
      const go = () => node.host.run({ ...request, data: into(data) });
      for (let tries = 0; ; tries += 1) {
        try {
          await go();
          return true;
        } catch (error) {
          if ((error as { code?: string }).code !== 'channel_key_missing' || tries === 2) return false;
          await settleAll(nodes);
        }
      }
    },
    async state(module, id) {
      for (const node of nodes) {
        const reading = { channel: CHANNEL, module: `${module}@1.0.0`, reader: { actor: did(node) } };
        const seen = await node.host.get({ ...reading, id }).catch(() => undefined);
        if (seen && !seen.behind) return textsSorted(translated(seen.state, back)) as JsonObject;
      }
      return undefined;
    },
  };
}

const translated = (value: JsonValue, names: readonly (readonly [string, string])[]): JsonValue =>
  JSON.parse(
    names.reduce((text, [from, to]) => text.replaceAll(`"${from}"`, `"${to}"`), JSON.stringify(value)),
  ) as JsonValue;

/** Lists of parties stand in the order of their DIDs, which are others in each world. */
function textsSorted(value: JsonValue): JsonValue {
  if (Array.isArray(value)) {
    const items = value.map((item) => textsSorted(item as JsonValue));
    return items.every((item) => typeof item === 'string') ? items.sort() : items;
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [name, textsSorted(field as JsonValue)]),
  );
}

const idOf = (number: number): string => (number + 1).toString(16).padStart(32, '0');

/** Plays the attempts, each on an object that its numbers choose. @returns which were done, and the states after all */
async function playOn(stage: Stage, attempts: readonly Attempt[]) {
  const done: boolean[] = [];
  let begun = 0;
  for (const { module, command, by, target, other, pick } of attempts) {
    const on = MODULES.find(({ name }) => name === module)?.commands[command]?.on;
    const isNew = on === 'new' || (on === 'either' && pick > 8) || begun === 0;
    const id = idOf(isNew ? begun : target % begun);
    const state = (await stage.state(module, id)) ?? {};
    const from = { state, other: idOf(other % Math.max(1, begun)), id, did: [A, B, C][pick % 3] ?? A };
    const data = contested(dataFor(module, command, { ...from, count: begun, pick }), pick);
    const isDone = await stage.run(by % 3, { module, command, id, data });
    if (isDone && isNew) begun += 1;
    done.push(isDone);
    await stage.settle();
  }
  const states: (JsonObject | undefined)[] = [];
  const module = attempts[0]?.module ?? '';
  for (let number = 0; number < begun; number += 1) states.push(await stage.state(module, idOf(number)));
  return { done, states };
}

/** Few serial numbers, so that they meet. */
function contested(data: JsonObject, pick: number): JsonObject {
  const facts = data.facts as JsonObject | undefined;
  return facts?.rank === undefined ? data : { ...data, facts: { ...facts, serial: `n${pick % 3}` } };
}

describe.each(MODULES.map(({ name }) => name))('%s, by its parties and by every node', (name) => {
  it('does and refuses the same commands, and comes to the same states [C12]', async () => {
    let worked = 0;
    const short = attemptsAt(name).map((attempts) => attempts.slice(0, 16));
    await fc.assert(
      fc.asyncProperty(short, async (attempts) => {
        const apart = await playOn(await openStage('private'), attempts);
        const together = await playOn(await openStage('shared'), attempts);
        expect(together).toEqual(apart);
        worked += apart.done.filter(Boolean).length;
      }),
      // A fixed seed: something has to be done at all.
      { numRuns: 2, endOnFailure: true, seed: 20_261_123 },
    );
    expect(worked).toBeGreaterThan(0);
  }, 120_000);
});

describe.each(ways)('what two want at once, %s', (way) => {
  it('a serial number and a slot go to one of them, and a slot to the other when it is free', async () => {
    const stage = await openStage(way);
    const register = (by: number, id: number) =>
      stage.run(by, {
        ...{ module: 'test.board', command: 'register', id: idOf(id) },
        data: { facts: { serial: 'one', rank: 1 } },
      });
    expect(await stage.run(0, lease(9, 's9'))).toBe(true);
    await stage.settle();
    const serials = await Promise.all([register(0, 0), register(1, 1), register(2, 2)]);
    expect(serials.filter(Boolean)).toHaveLength(1);
    const [one, two] = [10, 11];
    for (const id of [one, two]) expect(await stage.run(0, lease(id, 's1'))).toBe(true);
    await stage.settle();
    const sign = (id: number) =>
      stage.run(1, { module: 'test.lease', command: 'sign', id: idOf(id), data: { version: 1 } });
    const signed = await Promise.all([sign(one), sign(two)]);
    expect(signed.filter(Boolean)).toHaveLength(1);
  }, 60_000);

  it('points are spent once, and all accounts add up to zero [C12]', async () => {
    const stage = await openStage(way);
    const [bank, purse] = [idOf(0), idOf(1)];
    const act = (by: number, command: string, id: string, data: JsonObject) =>
      stage.run(by, { module: 'test.points', command, id, data });
    expect(await act(0, 'open', bank, { holder: A, overdraft: null, parties: [A, B] })).toBe(true);
    expect(await act(0, 'open', purse, { holder: B, parties: [A, B] })).toBe(true);
    const moves = [
      { account: bank, amount: '-10' },
      { account: purse, amount: '10' },
    ];
    expect(await act(0, 'post', bank, { moves })).toBe(true);
    await stage.settle();
    const redeem = () => act(1, 'redeem', purse, { to: bank, amount: '7', what: { prize: 'p' } });
    const spent = await Promise.all([redeem(), redeem(), act(0, 'post', bank, { moves: turned(moves) })]);
    expect(spent.filter(Boolean)).toHaveLength(1);
    await stage.settle();
    const states = (await Promise.all(
      [bank, purse].map((id) => stage.state('test.points', id)),
    )) as AccountState[];
    expect(sum(states.map(({ balance }) => balance))).toBe('0');
    expect(['3', '0']).toContain(states[1]?.balance);
  }, 60_000);
});

const lease = (id: number, slot: string) => ({
  ...{ module: 'test.lease', command: 'propose', id: idOf(id) },
  data: { parties: [A, B], terms: { slot } },
});

const turned = (moves: readonly { account: string; amount: string }[]) =>
  moves.map(({ account, amount }) => ({
    account,
    amount: amount.startsWith('-') ? amount.slice(1) : `-${amount}`,
  }));
