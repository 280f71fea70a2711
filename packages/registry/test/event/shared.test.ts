import type { Bytes, CborValue } from '@attestel/core';
import {
  createEventLines,
  createEventModule,
  type Decider,
  digestOf,
  moduleDigestOf,
  runDecider,
} from '@attestel/registry';
import { describe, expect, it } from 'vitest';
import { bytes32, channelLedger, type FakeChannels, governBody } from '../fake-channels.ts';
import { A, B, C } from '../fake-ledger.ts';
import { assetLedger } from './asset-ledger.ts';

const DIGEST = moduleDigestOf(assetLedger.declaration);
const SALT = bytes32('salt');
/** Whoever writes in the channel may send commands: the module decides. */
const OPEN = { threshold: 1, resolution: 1, dids: [], keys: [], roles: ['writer'] };
const [ONE, TWO] = [bytes32('account 1'), bytes32('account 2')];

type Head = readonly [ref: Bytes, prevHead: Bytes | null];
type Payload = Record<string, CborValue>;

const command = (heads: readonly Head[], payload: Payload, by: string, change: Payload = {}) => ({
  module: 'event',
  ns: 'gd',
  kind: 'line',
  body: {
    heads: heads.map(([ref, prevHead]) => ({ ref, prevHead, rule: prevHead === null ? OPEN : null })),
    unique: [],
    hold: [],
    release: [],
    moduleDigest: DIGEST,
    digest: digestOf(payload as never, SALT),
    batch: null,
    shared: { salt: SALT, payload },
    ...change,
  },
  by: [by],
});
const open = (balance = 0) => ({ do: 'open', balance, first: balance > 0 });
const transfer = (amount: CborValue) => ({ do: 'transfer', amount });

const sharing = (deciders: readonly Decider[] = [assetLedger]): FakeChannels =>
  channelLedger({ shared: [DIGEST] }, deciders);
const objectsOf = (ledger: FakeChannels) => {
  const lines = createEventLines({ state: ledger.read } as never);
  return [ONE, TWO].map((ref) => lines.object('gd', ref));
};

/** A decider that returns what a test says. */
const deciderOf = (change: Partial<Decider>): Decider => ({ ...assetLedger, ...change });
const run =
  (change: Partial<Decider>, payload: Payload = {}) =>
  () =>
    runDecider(deciderOf(change), {
      states: [{ owner: A, balance: 5 }],
      command: payload,
      context: { channel: 'gd', actor: A, height: 1, time: 1, signedBy: () => false },
    });

describe('a shared module', () => {
  it('is executed on the payload in the operation; its state is on the ledger', () => {
    const ledger = sharing();
    const one = ledger.submit(command([[ONE, null]], open(10), A)).id;
    const two = ledger.submit(command([[TWO, null]], open(), B)).id;
    ledger.submit(
      command(
        [
          [ONE, one],
          [TWO, two],
        ],
        transfer(4),
        A,
      ),
    );
    expect(objectsOf(ledger)).toEqual([
      { owner: A, balance: 6 },
      { owner: B, balance: 4 },
    ]);
  });

  it('changes nothing by a command that it refuses', () => {
    const ledger = sharing();
    const one = ledger.submit(command([[ONE, null]], open(10), A)).id;
    const two = ledger.submit(command([[TWO, null]], open(), B)).id;
    const before = [...ledger.state('event').list('')];
    const pair: Head[] = [
      [ONE, one],
      [TWO, two],
    ];
    expect(ledger.refusal(command(pair, transfer(11), A))).toBe('overdrawn');
    expect(ledger.refusal(command(pair, transfer(-1), A))).toBe('overdrawn');
    expect(ledger.refusal(command(pair, transfer(1), B))).toBe('not_yours');
    expect(ledger.refusal(command(pair, { do: 'mint' }, A))).toBe('command_malformed');
    expect([...ledger.state('event').list('')]).toEqual(before);
  });

  it('gives the parties of a private channel the same states from the same commands', () => {
    const ledger = sharing();
    const one = ledger.submit(command([[ONE, null]], open(10), A)).id;
    const two = ledger.submit(command([[TWO, null]], open(), B)).id;
    const pair: Head[] = [
      [ONE, one],
      [TWO, two],
    ];
    ledger.submit(command(pair, transfer(3), A));
    const at = (actor: string) => ({ channel: 'gd', actor, height: 1, time: 1, signedBy: () => false });
    const fold = (states: (CborValue | undefined)[], payload: Payload, actor: string) =>
      runDecider(assetLedger, { states, command: payload, context: at(actor) }).states;
    const [first] = fold([undefined], open(10), A);
    const [second] = fold([undefined], open(), B);
    expect(fold([first, second], transfer(3), A)).toEqual(objectsOf(ledger));
  });

  it('runs where the channel chose it, on nodes that have it, and there only so', () => {
    const payload = open();
    const line = command([[ONE, null]], payload, A);
    const asPrivate = command([[ONE, null]], payload, A, { shared: null });
    expect(channelLedger({}, [assetLedger]).refusal(line)).toBe('line_execution /moduleDigest');
    expect(channelLedger({}, [assetLedger]).refusal(asPrivate)).toBeUndefined();
    expect(sharing([]).refusal(line)).toBe('line_module_unknown /moduleDigest');
    expect(sharing().refusal(asPrivate)).toBe('line_execution /moduleDigest');
  });

  it('runs only the ways it declares', () => {
    const only = (execution: readonly ('private' | 'shared')[]) => {
      const declaration = { ...assetLedger.declaration, execution };
      const decider = { ...assetLedger, declaration };
      return { decider, moduleDigest: moduleDigestOf(declaration) };
    };
    const secret = only(['private']);
    const ledger = channelLedger({ shared: [secret.moduleDigest] }, [secret.decider]);
    const change = { moduleDigest: secret.moduleDigest };
    expect(ledger.refusal(command([[ONE, null]], open(), A, change))).toBe('line_execution /moduleDigest');
    const common = only(['shared']);
    const plain = { moduleDigest: common.moduleDigest, shared: null };
    expect(channelLedger({}, [common.decider]).refusal(command([[ONE, null]], open(), A, plain))).toBe(
      'line_execution /moduleDigest',
    );
  });

  it('alone moves its objects, until a module that declares to succeed it', () => {
    const next: Decider = {
      ...assetLedger,
      declaration: {
        ...assetLedger.declaration,
        version: '2',
        succeeds: [Buffer.from(DIGEST).toString('hex')],
      },
    };
    const other: Decider = { ...assetLedger, declaration: { ...assetLedger.declaration, version: '3' } };
    const [nextDigest, otherDigest] = [next, other].map((d) => moduleDigestOf(d.declaration)) as [
      Bytes,
      Bytes,
    ];
    const ledger = channelLedger({ shared: [DIGEST, nextDigest, otherDigest] }, [assetLedger, next, other]);
    const one = ledger.submit(command([[ONE, null]], open(5), A)).id;
    const two = ledger.submit(command([[TWO, null]], open(), A)).id;
    const pair: Head[] = [
      [ONE, one],
      [TWO, two],
    ];
    const by = (change: Payload) => ledger.refusal(command(pair, transfer(1), A, change));
    expect(by({ moduleDigest: bytes32('unknown'), shared: null })).toBe('line_execution /heads/0');
    expect(by({ moduleDigest: null, shared: null })).toBe('line_execution /heads/0');
    expect(by({ moduleDigest: otherDigest })).toBe('line_execution /heads/0');
    expect(by({ moduleDigest: nextDigest })).toBeUndefined();
  });

  it('leaves nothing to dispute', () => {
    const ledger = sharing();
    const one = ledger.submit(command([[ONE, null]], open(5), A)).id;
    const body = { ref: ONE, head: one, digest: SALT };
    expect(ledger.refusal({ module: 'event', ns: 'gd', kind: 'dispute', body, by: [C] })).toBe(
      'line_execution /ref',
    );
  });

  it('goes when the channel drops it, and its objects stay as they are', () => {
    const ledger = sharing();
    const one = ledger.submit(command([[ONE, null]], open(5), A)).id;
    ledger.submit({ module: 'channel', ns: 'gd', kind: 'govern', body: governBody('gd'), by: [A, B] });
    expect(ledger.refusal(command([[ONE, one]], open(5), A))).toBe('line_execution /moduleDigest');
    expect(ledger.refusal(command([[ONE, one]], open(5), A, { moduleDigest: null, shared: null }))).toBe(
      'line_execution /heads/0',
    );
  });
});

describe('a decider', () => {
  const refuses = expect.objectContaining({ code: 'line_effect_invalid' });
  const events = (list: unknown): Partial<Decider> => ({ decide: () => list as never });
  const credit = (data: unknown = { amount: 1 }) => ({ object: 0, type: 'credited', data });

  it.each<[string, Partial<Decider>]>([
    ['no event', events([])],
    ['no list', events(undefined)],
    ['65 events', events(Array.from({ length: 65 }, () => credit()))],
    ['an event about no object of the line', events([{ ...credit(), object: 1 }])],
    ['an event whose type is no name', events([{ ...credit(), type: 'a b' }])],
    ['a float', events([credit({ amount: 0.5 })])],
    ['bytes', events([credit({ amount: new Uint8Array(1) })])],
    ['more than 64 KiB', events([credit({ amount: 'x'.repeat(65_536) })])],
    ['a state without form', { evolve: () => undefined as never, ...events([credit()]) }],
    ['a state too large', { evolve: () => 'x'.repeat(65_536), ...events([credit()]) }],
  ])('is refused with %s', (_, change) => {
    expect(run(change)).toThrow(refuses);
  });

  it('cannot change what it is given', () => {
    const write = run({
      decide({ states }) {
        (states[0] as { balance: number }).balance = 1_000_000;
        return [];
      },
    });
    expect(write).toThrow(TypeError);
    const nested = run(
      { decide: ({ command }) => (command.list as number[]).push(1) as never },
      { list: [] },
    );
    expect(nested).toThrow(TypeError);
  });

  it('sees one order of fields, whoever kept them in whatever order', () => {
    const inOrder: Partial<Decider> = {
      decide: ({ command }) =>
        Object.keys(command).map((name) => ({ object: 0, type: 'named', data: { name } })),
      evolve: (state, { data }) => ({
        names: [...((state as { names?: string[] })?.names ?? []), data.name as string],
      }),
    };
    const at = { channel: 'gd', actor: A, height: 1, time: 1, signedBy: () => false };
    const statesOf = (command: Payload) =>
      runDecider(deciderOf(inOrder), { states: [undefined], command, context: at }).states;
    // One digest: JCS sorts.
    expect(statesOf({ b: 1, a: 2 })).toEqual(statesOf({ a: 2, b: 1 }));
  });

  it('leaves what it was given as it was', () => {
    const command = { list: [1] };
    const state = { owner: A, balance: 5 };
    const context = { channel: 'gd', actor: A, height: 1, time: 1, signedBy: () => false };
    const one = deciderOf({
      decide: () => [{ object: 0, type: 'credited', data: { amount: 1 } }],
    });
    runDecider(one, { states: [state], command, context });
    expect([command, command.list, state].some(Object.isFrozen)).toBe(false);
    const forger = deciderOf({
      decide(request) {
        (request.context as { actor: string }).actor = B;
        return [];
      },
    });
    expect(() => runDecider(forger, { states: [state], command, context })).toThrow(TypeError);
    const swapper = deciderOf({
      decide({ states }) {
        (states as CborValue[])[0] = { owner: B, balance: 9 };
        return [];
      },
    });
    expect(() => runDecider(swapper, { states: [state], command, context })).toThrow(TypeError);
  });

  it('gets a command without floats', () => {
    expect(run({}, { do: 'transfer', amount: 0.5 })).toThrow(refuses);
  });

  it('reads and makes 256 KiB in one command, at most', () => {
    const context = { channel: 'gd', actor: A, height: 1, time: 1, signedBy: () => false };
    const large = 'x'.repeat(60_000);
    const touch = (objects: number, events: number) => () => {
      const decide = () =>
        Array.from({ length: events }, (_, i) => ({ object: i % objects, type: 'touched', data: {} }));
      const evolve = (state: CborValue | undefined) => state ?? null;
      const states = Array.from({ length: objects }, () => large);
      return runDecider(deciderOf({ decide, evolve }), { states, command: {}, context });
    };
    expect(touch(1, 2)).not.toThrow();
    expect(touch(2, 2)).not.toThrow();
    expect(touch(1, 64)).toThrow(refuses);
    expect(touch(16, 16)).toThrow(refuses);
  });

  it('is not registered twice under one declaration', () => {
    expect(() => createEventModule([assetLedger, { ...assetLedger }])).toThrow(TypeError);
  });

  it('has a digest that changes with whatever it declares', () => {
    const { declaration } = assetLedger;
    const changed = [
      { ...declaration, name: 'test.other' },
      { ...declaration, version: '2' },
      { ...declaration, execution: ['shared'] as const },
      { ...declaration, schemas: {} },
      { ...declaration, succeeds: ['00'] },
    ];
    const digests = [declaration, ...changed].map((one) => Buffer.from(moduleDigestOf(one)).toString('hex'));
    expect(new Set(digests).size).toBe(digests.length);
  });
});
