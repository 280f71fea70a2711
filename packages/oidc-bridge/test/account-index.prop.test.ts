import { createMemoryStore, type Store, utf8 } from '@attestel/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findEntry, moveEntry } from '../src/accounts/account-index.ts';

const OPERATORS = ['a', 'b', 'c', 'd'] as const;
type Operator = (typeof OPERATORS)[number];

interface HandOver {
  readonly from: Operator;
  readonly to: Operator;
  readonly at: number;
}

/** What the bridge does with a card, with everything that is signed verified. */
async function signIn(store: Store, issuer: Operator, chain: readonly HandOver[], fresh: string) {
  const keys = { own: utf8(issuer), handOvers: chain.map(({ from, at }) => ({ key: utf8(from), at })) };
  return store.transact((writer) => {
    const known = findEntry(writer, keys);
    const account = known?.account ?? fresh;
    if (!known?.settled) moveEntry(writer, known, keys, account);
    return account;
  });
}

const operator = fc.constantFrom(...OPERATORS);
const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ type: fc.constant('move' as const), to: operator }) },
  { weight: 3, arbitrary: fc.record({ type: fc.constant('sign-in' as const) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constant('attack' as const),
      issuer: operator,
      /** Which records, genuine or signed by a former operator, make up the card: tried as far as they fit. */
      links: fc.array(
        fc.record({ genuine: fc.nat(11), forged: fc.boolean(), from: operator, at: fc.nat(40) }),
        { maxLength: 8 },
      ),
    }),
  },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;
type Attack = Extract<Step, { type: 'attack' }>;

/** A chain that ends at the issuer, of genuine records and of such that operators without the line sign. */
function chainOf(attack: Attack, genuine: readonly HandOver[], now: Operator, time: number) {
  const chain: HandOver[] = [];
  let [to, before] = [attack.issuer, time + 1];
  for (const link of attack.links) {
    const known = genuine[link.genuine];
    const record = link.forged ? { from: link.from, to, at: Math.min(link.at, time) } : known;
    if (!record || record.to !== to || record.from === to || record.at >= before) continue;
    if (link.forged && record.from === now) continue;
    chain.unshift(record);
    [to, before] = [record.from, record.at];
  }
  return chain;
}

async function live(steps: readonly Step[]): Promise<void> {
  const store = createMemoryStore();
  const genuine: HandOver[] = [];
  let [now, moves] = ['a' as Operator, 0];
  const expectPerson = async () => expect(await signIn(store, now, genuine.slice(-8), 'new')).toBe('person');
  const attack = async (how: Attack, time: number) =>
    expect(await signIn(store, how.issuer, chainOf(how, genuine, now, time), 'stranger')).not.toBe('person');
  await signIn(store, now, [], 'person');
  for (const [time, one] of steps.entries()) {
    if (one.type === 'move' && one.to !== now && moves < 8) {
      genuine.push({ from: now, to: one.to, at: time + 1 });
      [now, moves] = [one.to, moves + 1];
    } else if (one.type === 'sign-in') {
      await expectPerson();
      moves = 0;
      // Before the first sign-in at the new operator the account still stands under an old one.
    } else if (one.type === 'attack' && moves === 0 && one.issuer !== now) await attack(one, time + 1);
  }
  await expectPerson();
}

describe('the account index', () => {
  test('keeps a person’s account with the line, whatever operators without the line do', async () => {
    const lives = fc.array(step, { maxLength: 40 });
    await fc.assert(fc.asyncProperty(lives, live), { numRuns: 400 });
  });

  test('finds the account left at the stay before, not one made by the way at an earlier one', async () => {
    const store = createMemoryStore();
    const there = { from: 'a', to: 'b', at: 10 } as const;
    await signIn(store, 'a', [], 'person');
    await signIn(store, 'b', [there], 'new');
    expect(await signIn(store, 'a', [], 'by-the-way')).toBe('by-the-way');
    const back = [there, { from: 'b', to: 'a', at: 20 }, { from: 'a', to: 'c', at: 30 }] as const;
    expect(await signIn(store, 'c', back, 'new')).toBe('person');
  });
});
