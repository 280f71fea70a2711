import { type Bytes, type CborValue, toHex } from '@attestel/core';
import {
  createEventLines,
  createEventModule,
  type Decider,
  type DeciderContext,
  digestOf,
  moduleDigestOf,
  runDecider,
  sharedTokenKey,
  tokenOf,
} from '@attestel/registry';
import { describe, expect, it } from 'vitest';
import { bytes32, channelLedger, type FakeChannels, governBody } from '../fake-channels.ts';
import { A, B, C } from '../fake-ledger.ts';
import { assetLedger } from './asset-ledger.ts';

const DIGEST = moduleDigestOf(assetLedger.declaration);
/** Where a decider runs alone. */
const AT: DeciderContext = {
  ...{ channel: 'gd', actor: A, height: 1, time: 1, roles: [] },
  signedBy: () => false,
  read: () => undefined,
  beginning: () => undefined,
  governs: () => false,
  isBarred: () => false,
};
const headsOf = (...refs: readonly Bytes[]) => refs.map((ref) => ({ ref: toHex(ref), rule: null }));
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
      heads: headsOf(ONE),
      states: [{ owner: A, balance: 5 }],
      command: payload,
      context: AT,
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
    const fold = (states: (CborValue | undefined)[], payload: Payload, actor: string) =>
      runDecider(assetLedger, {
        heads: headsOf(ONE, TWO).slice(0, states.length),
        states,
        command: payload,
        context: { ...AT, actor },
      }).states;
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

/** Takes what a command names; and says what it was told of the line. */
const lockers: Decider = {
  declaration: { ...assetLedger.declaration, name: 'test.lockers' },
  decide({ heads, command, context }) {
    const seen = typeof command.look === 'string' ? context.read(command.look) : undefined;
    const told = {
      roles: [...context.roles],
      rules: heads.map(({ rule }) => rule as never),
      head: seen?.head ?? null,
      state: seen?.state ?? null,
    };
    const { unique = [], hold = [], release = [] } = command as Record<string, readonly string[]>;
    return [{ object: 0, type: 'told', data: told, unique, hold, release }];
  },
  evolve: (_, { data, unique }) => ({ ...data, ...(unique && { unique }) }),
};
const LOCKERS = moduleDigestOf(lockers.declaration);
const TOKEN = (key: string) => tokenOf(sharedTokenKey('gd'), 'test.lockers', key);

describe('uniqueness tokens of a shared module', () => {
  const locking = (): FakeChannels => channelLedger({ shared: [LOCKERS, DIGEST] }, [lockers, assetLedger]);
  const locker = (payload: Payload, tokens: Payload = {}, head: Head = [ONE, null], by = A) =>
    command([head], payload, by, { moduleDigest: LOCKERS, ...tokens });

  it('are those of its events, no fewer and no others, whoever wrote the line', () => {
    const ledger = locking();
    const keys = { unique: ['a', 'b'], hold: ['c'] };
    const tokens = { unique: [TOKEN('a'), TOKEN('b')], hold: [TOKEN('c')] };
    const refusals: [Payload, string][] = [
      [{}, 'line_tokens_unfit /unique'],
      [{ unique: tokens.unique }, 'line_tokens_unfit /hold'],
      [{ ...tokens, unique: [TOKEN('a')] }, 'line_tokens_unfit /unique'],
      [{ ...tokens, unique: [TOKEN('b'), TOKEN('a')] }, 'line_tokens_unfit /unique'],
      [{ ...tokens, unique: [...tokens.unique, TOKEN('d')] }, 'line_tokens_unfit /unique'],
      [{ ...tokens, hold: [tokenOf(bytes32('own key'), 'test.lockers', 'c')] }, 'line_tokens_unfit /hold'],
      [{ unique: [...tokens.unique, ...tokens.hold] }, 'line_tokens_unfit /unique'],
      [{ ...tokens, release: [TOKEN('e')] }, 'line_tokens_unfit /release'],
    ];
    for (const [change, refused] of refusals) expect(ledger.refusal(locker(keys, change))).toBe(refused);
    expect(ledger.refusal(locker(keys, tokens))).toBeUndefined();
    expect(ledger.refusal(locker(keys, tokens, [TWO, null], B))).toBe('line_token_taken /unique/0');
  });

  it('are freed by an event of who holds them alone', () => {
    const ledger = locking();
    const one = ledger.submit(locker({ hold: ['c'] }, { hold: [TOKEN('c')] })).id;
    const free = { release: ['c'] };
    const tokens = { release: [TOKEN('c')] };
    expect(ledger.refusal(locker(free, tokens, [TWO, null]))).toBe('line_token_not_held /release/0');
    expect(ledger.refusal(locker({}, tokens, [ONE, one]))).toBe('line_tokens_unfit /release');
    expect(ledger.refusal(locker(free, tokens, [ONE, one]))).toBeUndefined();
    expect(ledger.refusal(locker({ hold: ['c'] }, { hold: [TOKEN('c')] }, [TWO, null]))).toBeUndefined();
  });

  it('cannot be taken by a private line, though everybody can make them', () => {
    const ledger = locking();
    const squat = command([[TWO, null]], {}, B, {
      moduleDigest: bytes32('some private module'),
      shared: null,
      unique: [TOKEN('a')],
    });
    expect(ledger.refusal(squat)).toBeUndefined();
    expect(ledger.refusal(locker({ unique: ['a'] }, { unique: [TOKEN('a')] }))).toBeUndefined();
    const lines = createEventLines({ state: ledger.read } as never);
    expect(lines.token('gd', TOKEN('a'))?.ref).toEqual(ONE);
  });

  it('stand in the events, which the ledger keeps, and no batch stands beside them', () => {
    const ledger = locking();
    const { id } = ledger.submit(locker({ unique: ['a'] }, { unique: [TOKEN('a')] }));
    const lines = createEventLines({ state: ledger.read } as never);
    expect(lines.events('gd', id)).toMatchObject([{ object: 0, type: 'told', unique: ['a'] }]);
    expect(lines.object('gd', ONE)).toMatchObject({ unique: ['a'] });
    const priv = ledger.submit(command([[TWO, null]], {}, B, { moduleDigest: SALT, shared: null })).id;
    expect(lines.events('gd', priv)).toBeUndefined();
    const batch = { batch: { size: 1, root: SALT } };
    expect(ledger.refusal(locker({}, batch, [bytes32('new'), null]))).toBe('line_invalid /batch');
  });

  it.each([
    ['a key that is no text', { unique: [1] }],
    ['a key of 1025 characters', { hold: ['x'.repeat(1025)] }],
    ['a key with a lone surrogate', { unique: ['\ud800'] }],
    ['65 keys', { release: Array.from({ length: 65 }, String) }],
  ])('are not made of %s', (_, keys) => {
    const decide = () => [{ object: 0, type: 'told', data: {}, ...keys }] as never;
    expect(run({ decide })).toThrow(expect.objectContaining({ code: 'line_effect_invalid' }));
  });
});

describe('what a decider is told of the line', () => {
  const telling = (): FakeChannels => channelLedger({ shared: [LOCKERS, DIGEST] }, [lockers, assetLedger]);
  const tell = (payload: Payload, head: Head, by = A) =>
    command([head], payload, by, { moduleDigest: LOCKERS });
  const stateOf = (ledger: FakeChannels, ref: Bytes) =>
    createEventLines({ state: ledger.read } as never).object('gd', ref);

  it('roles of the actor at the line, and the rule under which it begins an object', () => {
    const ledger = telling();
    const { id } = ledger.submit(tell({}, [ONE, null]));
    expect(stateOf(ledger, ONE)).toMatchObject({ roles: ['operator'], rules: [OPEN] });
    ledger.submit(tell({}, [ONE, id]));
    expect(stateOf(ledger, ONE)).toMatchObject({ rules: [null] });
  });

  it('another object of the channel as it is just before the line, if nodes have its state', () => {
    const ledger = telling();
    const account = ledger.submit(command([[TWO, null]], open(7), B)).id;
    const secret = ledger.submit(
      command([[SALT, null]], {}, B, { moduleDigest: bytes32('private'), shared: null }),
    ).id;
    const first = ledger.submit(tell({ look: toHex(TWO) }, [ONE, null])).id;
    expect(stateOf(ledger, ONE)).toMatchObject({ head: toHex(account), state: { owner: B, balance: 7 } });
    const second = ledger.submit(tell({ look: toHex(SALT) }, [ONE, first])).id;
    expect(stateOf(ledger, ONE)).toMatchObject({ head: toHex(secret), state: null });
    ledger.submit(tell({ look: toHex(bytes32('none')) }, [ONE, second]));
    expect(stateOf(ledger, ONE)).toMatchObject({ head: null, state: null });
  });

  it('of other objects, 64 and 256 KiB at most', () => {
    const looking = (refs: number, state: CborValue) => () =>
      runDecider(
        deciderOf({
          decide({ context }) {
            for (let ref = 0; ref < refs; ref += 1) context.read(String(ref));
            return [{ object: 0, type: 'told', data: {} }];
          },
          evolve: () => 1,
        }),
        {
          ...{ heads: headsOf(ONE), states: [undefined], command: {} },
          context: { ...AT, read: () => ({ head: '', state }) },
        },
      );
    expect(looking(64, 1)).not.toThrow();
    expect(looking(65, 1)).toThrow(expect.objectContaining({ code: 'line_effect_invalid' }));
    expect(looking(5, 'x'.repeat(60_000))).toThrow(expect.objectContaining({ code: 'line_effect_invalid' }));
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
    const statesOf = (command: Payload) =>
      runDecider(deciderOf(inOrder), { heads: headsOf(ONE), states: [undefined], command, context: AT })
        .states;
    // One digest: JCS sorts.
    expect(statesOf({ b: 1, a: 2 })).toEqual(statesOf({ a: 2, b: 1 }));
  });

  it('leaves what it was given as it was', () => {
    const command = { list: [1] };
    const state = { owner: A, balance: 5 };
    const heads = headsOf(ONE);
    const one = deciderOf({
      decide: () => [{ object: 0, type: 'credited', data: { amount: 1 } }],
    });
    runDecider(one, { heads, states: [state], command, context: AT });
    expect([command, command.list, state].some(Object.isFrozen)).toBe(false);
    const forger = deciderOf({
      decide(request) {
        (request.context as { actor: string }).actor = B;
        return [];
      },
    });
    expect(() => runDecider(forger, { heads, states: [state], command, context: AT })).toThrow(TypeError);
    const swapper = deciderOf({
      decide({ states }) {
        (states as CborValue[])[0] = { owner: B, balance: 9 };
        return [];
      },
    });
    expect(() => runDecider(swapper, { heads, states: [state], command, context: AT })).toThrow(TypeError);
  });

  it('gets a command without floats', () => {
    expect(run({}, { do: 'transfer', amount: 0.5 })).toThrow(refuses);
  });

  it('reads and makes 256 KiB in one command, at most', () => {
    const large = 'x'.repeat(60_000);
    const touch = (objects: number, events: number) => () => {
      const decide = () =>
        Array.from({ length: events }, (_, i) => ({ object: i % objects, type: 'touched', data: {} }));
      const evolve = (state: CborValue | undefined) => state ?? null;
      const states = Array.from({ length: objects }, () => large);
      const heads = headsOf(...states.map((_, i) => bytes32(`object ${i}`)));
      return runDecider(deciderOf({ decide, evolve }), { heads, states, command: {}, context: AT });
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
