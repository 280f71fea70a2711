import { AppError, type Bytes, type CborValue, toHex } from '@attestel/core';
import { createEventLines, digestOf, moduleDigestOf } from '@attestel/registry';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytes32, channelLedger, type FakeChannels } from '../fake-channels.ts';
import { A, B, C, STRANGER } from '../fake-ledger.ts';
import { assetLedger, balanceOf } from './asset-ledger.ts';

const REFS = [0, 1, 2].map((n) => bytes32(`ref ${n}`));
const TOKENS = [0, 1, 2, 3, 4, 5].map((n) => bytes32(`token ${n}`));

interface PlainRule {
  readonly threshold: number;
  readonly resolution: number;
  readonly dids: readonly string[];
}

interface Step {
  readonly kind: 'line' | 'dispute';
  readonly by: readonly string[];
  readonly heads: readonly {
    readonly ref: number;
    readonly at: 'last' | 'first' | 'none';
    readonly rule: PlainRule | null;
  }[];
  readonly unique: readonly number[];
  readonly hold: readonly number[];
  readonly release: readonly number[];
}

const some = (max: number) =>
  fc.oneof(
    { weight: 3, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.uniqueArray(fc.nat(5), { maxLength: max }) },
  );
const ANYBODY: PlainRule = { threshold: 1, resolution: 2, dids: [A, B, C] };
const rule: fc.Arbitrary<PlainRule> = fc
  .uniqueArray(fc.constantFrom(A, B, C), { minLength: 1, maxLength: 3 })
  .chain((dids) =>
    fc
      .tuple(fc.integer({ min: 1, max: dids.length }), fc.integer({ min: 1, max: dids.length }))
      .map(([a, b]) => ({
        threshold: Math.min(a, b),
        resolution: Math.max(a, b),
        dids,
      })),
  );
const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom('line', 'line', 'line', 'dispute'),
  by: fc.oneof(
    { weight: 3, arbitrary: fc.shuffledSubarray([A, B, C], { minLength: 2 }) },
    { weight: 1, arbitrary: fc.shuffledSubarray([A, B, C, STRANGER], { minLength: 1 }) },
  ),
  heads: fc.uniqueArray(
    fc.record({
      ref: fc.nat(2),
      at: fc.constantFrom('last', 'last', 'last', 'first', 'none'),
      rule: fc.option(rule, { freq: 2 }),
    }),
    { minLength: 1, maxLength: 3, selector: (head) => head.ref },
  ),
  unique: some(1),
  hold: some(2),
  release: some(2),
});

/** What a reader of the log alone would say, kept apart from the module's own state. */
interface Model {
  readonly histories: Map<number, Bytes[]>;
  readonly rules: Map<number, PlainRule>;
  readonly disputed: Set<number>;
  readonly taken: Map<number, 'unique' | 'hold'>;
}

type Head = Step['heads'][number];

const historyOf = (model: Model, ref: number): readonly Bytes[] => model.histories.get(ref) ?? [];

function prevOf(model: Model, { ref, at }: Head): Bytes | null {
  const history = historyOf(model, ref);
  return (at === 'last' ? history.at(-1) : at === 'first' ? history[0] : null) ?? null;
}

/** Now and then a first line without a rule, which is refused. */
const ruleOf = (model: Model, head: Head): PlainRule | null =>
  head.rule ?? (head.at === 'last' && !prevOf(model, head) ? ANYBODY : null);

function bodyOf(model: Model, { kind, heads, unique, hold, release }: Step): Record<string, CborValue> {
  const refOf = (head: Head): Bytes => REFS[head.ref] as Bytes;
  const tokens = (list: readonly number[]): Bytes[] => list.map((n) => TOKENS[n] as Bytes);
  const [first] = heads as [Head];
  if (kind === 'dispute') {
    return { ref: refOf(first), head: prevOf(model, first) ?? bytes32('none'), digest: bytes32('why') };
  }
  const ruled = (rule: PlainRule | null): CborValue => rule && { ...rule, keys: [], roles: [] };
  return {
    heads: heads.map((head) => ({
      ref: refOf(head),
      prevHead: prevOf(model, head),
      rule: ruled(ruleOf(model, head)),
    })),
    unique: tokens(unique),
    hold: tokens(hold),
    release: tokens(release),
    moduleDigest: null,
    digest: bytes32('digest'),
    batch: null,
    shared: null,
  };
}

/** Submits the step; where it is accepted, the model must have allowed it. */
function play(ledger: FakeChannels, model: Model, step: Step): boolean {
  const { kind, by } = step;
  // Anything but an AppError fails the test here: the state machine is total.
  const body = bodyOf(model, step);
  const id = tryTo(() => ledger.submit({ module: 'event', ns: 'gd', kind, body, by }).id);
  if (!id) return false;
  if (kind === 'dispute') followDispute(model, step);
  else followLine(model, step, id);
  return true;
}

const signed = (model: Model, ref: number, by: readonly string[]): number =>
  (model.rules.get(ref)?.dids ?? []).filter((did) => by.includes(did)).length;

function followDispute(model: Model, { heads, by }: Step): void {
  const [first] = heads as [Head];
  expect(prevOf(model, first)).toEqual(historyOf(model, first.ref).at(-1));
  expect(signed(model, first.ref, by)).toBeGreaterThan(0);
  expect(model.disputed.has(first.ref)).toBe(false);
  model.disputed.add(first.ref);
}

function followLine(model: Model, step: Step, id: Bytes): void {
  for (const head of step.heads) {
    const { ref } = head;
    const known = model.rules.get(ref);
    const replaces = known !== undefined && ruleOf(model, head) !== null;
    const isStrict = model.disputed.has(ref) || replaces;
    const needed = (isStrict ? known?.resolution : known?.threshold) ?? 0;
    expect(prevOf(model, head)).toEqual(historyOf(model, ref).at(-1) ?? null);
    expect(signed(model, ref, step.by)).toBeGreaterThanOrEqual(needed);
    const next = ruleOf(model, head) ?? known;
    expect(next).toBeDefined();
    model.rules.set(ref, next as PlainRule);
    model.histories.set(ref, [...historyOf(model, ref), id]);
    model.disputed.delete(ref);
  }
  for (const n of step.release) {
    expect(model.taken.get(n)).toBe('hold');
    model.taken.delete(n);
  }
  for (const how of ['unique', 'hold'] as const) {
    for (const n of step[how]) {
      expect(model.taken.has(n)).toBe(false);
      model.taken.set(n, how);
    }
  }
}

function tryTo<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof AppError) return undefined;
    throw error;
  }
}

const emptyModel = (): Model => ({
  histories: new Map(),
  rules: new Map(),
  disputed: new Set(),
  taken: new Map(),
});

describe('any interleaving of lines and disputes', () => {
  it('leaves each object one history under its rule, and each token with one holder', () => {
    let accepted = 0;
    const run = fc.property(fc.array(step, { minLength: 5, maxLength: 25, size: 'max' }), (steps) => {
      const ledger = channelLedger();
      const model = emptyModel();
      for (const one of steps) accepted += play(ledger, model, one) ? 1 : 0;
      const lines = createEventLines({ state: ledger.read } as never);
      REFS.forEach((ref, n) => {
        const history = model.histories.get(n) ?? [];
        expect(lines.lines('gd', ref).map(({ id }) => toHex(id))).toEqual(history.map(toHex));
        expect(lines.head('gd', ref)?.line).toEqual(history.at(-1));
        expect(lines.head('gd', ref)?.dispute != null).toBe(model.disputed.has(n));
      });
      TOKENS.forEach((token, n) => {
        expect(lines.token('gd', token)?.releasable).toBe(
          model.taken.has(n) ? model.taken.get(n) === 'hold' : undefined,
        );
      });
    });
    fc.assert(run, { numRuns: 200 });
    // A run in which nothing is accepted would prove nothing.
    expect(accepted).toBeGreaterThan(200);
  });

  it('gives the same state whenever it is executed', () => {
    const run = fc.property(fc.array(step, { maxLength: 15, size: 'max' }), (steps) => {
      const execute = () => {
        const ledger = channelLedger();
        const model = emptyModel();
        const outcome = steps.map((one) => play(ledger, model, one));
        return { outcome, state: [...ledger.state('event').list('')] };
      };
      expect(execute()).toEqual(execute());
    });
    fc.assert(run, { numRuns: 40 });
  });
});

describe('any sequence of commands of a shared module', () => {
  const DIGEST = moduleDigestOf(assetLedger.declaration);
  const RULE = { threshold: 1, resolution: 1, dids: [], keys: [], roles: ['writer'] };
  const SALT = bytes32('salt');
  const ACCOUNTS = [A, B, C].map((owner, n) => ({ owner, ref: bytes32(`account ${n}`) }));

  const commandOf = (
    heads: readonly (readonly [Bytes, Bytes | null])[],
    payload: Record<string, CborValue>,
    by: string,
  ) => ({
    module: 'event',
    ns: 'gd',
    kind: 'line',
    body: {
      heads: heads.map(([ref, prevHead]) => ({ ref, prevHead, rule: prevHead ? null : RULE })),
      unique: [],
      hold: [],
      release: [],
      moduleDigest: DIGEST,
      digest: digestOf(payload as never, SALT),
      batch: null,
      shared: { salt: SALT, payload },
    },
    by: [by],
  });

  it('keeps the sum of an asset ledger, and no balance below zero', () => {
    const TOTAL = 100;
    let accepted = 0;
    const transfer = fc.record({
      from: fc.nat(2),
      to: fc.nat(2),
      owned: fc.integer({ min: 0, max: 4 }).map((n) => n > 0),
      amount: fc.oneof(
        { weight: 6, arbitrary: fc.integer({ min: 1, max: 60 }) },
        { weight: 1, arbitrary: fc.constantFrom(0, -5, '10', null) },
      ),
    });
    const run = fc.property(fc.array(transfer, { minLength: 5, maxLength: 30, size: 'max' }), (transfers) => {
      const ledger = channelLedger({ shared: [DIGEST] }, [assetLedger]);
      const lines = createEventLines({ state: ledger.read } as never);
      ACCOUNTS.forEach(({ owner, ref }, n) => {
        const payload = { do: 'open', balance: n === 0 ? TOTAL : 0, first: n === 0 };
        ledger.submit(commandOf([[ref, null]], payload, owner));
      });
      for (const { from, to, owned, amount } of transfers) {
        const by = ACCOUNTS[owned ? from : to]?.owner ?? A;
        const heads = [from, to].map((n) => {
          const { ref } = ACCOUNTS[n] as (typeof ACCOUNTS)[number];
          return [ref, lines.head('gd', ref)?.line ?? null] as const;
        });
        const refusal = ledger.refusal(commandOf(heads, { do: 'transfer', amount }, by));
        accepted += refusal === undefined ? 1 : 0;
        const balances = ACCOUNTS.map(({ ref }) => balanceOf(lines.object('gd', ref)));
        expect(balances.reduce((a, b) => a + b)).toBe(TOTAL);
        expect(Math.min(...balances)).toBeGreaterThanOrEqual(0);
      }
    });
    fc.assert(run, { numRuns: 100 });
    expect(accepted).toBeGreaterThan(50);
  });
});
