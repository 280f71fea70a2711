import { type CborValue, fromHex, type JsonValue, unixSeconds } from '@attestel/core';
import {
  buildLine,
  digestOf,
  type LineRequest,
  moduleDigestOf,
  sharedTokenKey,
  sharedTokens,
  tokenOf,
} from '@attestel/registry';
import { describe, expect, it } from 'vitest';
import { clock, NETWORK, notAfter } from '../../../registry/test/consortium.ts';
import { bytes32 } from '../../../registry/test/fake-channels.ts';
import { refOfObject } from '../../src/host/ledger-view.ts';
import { ANY_WRITER, createModuleDecider } from '../../src/host/shared/module-decider.ts';
import type { Module } from '../../src/module/module.ts';
import { type Toy, toyModule } from './toy-module.ts';
import { CHANNEL, did, get, MODULE, type Node, openWorld, run, settleAll, type World } from './world.ts';

const decider = createModuleDecider(toyModule());
const digest = moduleDigestOf(decider.declaration);
const SALT = bytes32('salt');

const openShared = (): Promise<World> => openWorld({ deciders: [decider], shared: [digest] });
const reading = (node: Node) => ({ channel: CHANNEL, module: MODULE, reader: { actor: did(node) } });

describe('lines that every node executed', () => {
  it('are an object’s history, with events and payloads, for whoever sees it', async () => {
    const world = await openShared();
    const [a, b, c] = [await world.node(0), await world.node(1), await world.node(2)];
    const begun = await run(a, 'register', { serial: 'H-1', with: [did(b)] });
    const noted = await run(b, 'note', { text: 'from b' }, { id: begun.id });
    const lines = await a.host.history({ ...reading(a), id: begun.id });
    expect(lines).toMatchObject([
      { number: 1, line: begun.line, party: did(a), payload: 'checked', command: 'register' },
      { number: 2, line: noted.line, index: noted.index, party: did(b), payload: 'checked', command: 'note' },
    ]);
    expect(lines.map(({ events }) => events)).toEqual([begun.events, noted.events]);
    await expect(c.host.history({ ...reading(c), id: begun.id })).rejects.toMatchObject({
      code: 'permission_denied',
    });
    const { payload, salt } = await b.host.payload({ line: begun.line, reader: { actor: did(b) } });
    expect(payload).toMatchObject({ command: 'register', id: begun.id, objects: [{ prevHead: null }] });
    expect(salt).toMatch(/^[0-9a-f]{64}$/);
    await expect(c.host.payload({ line: begun.line, reader: { actor: did(c) } })).rejects.toMatchObject({
      code: 'permission_denied',
    });
  });

  it('give an object as it was at a time, and what a query said then', async () => {
    const world = await openShared();
    const a = await world.node(0);
    const now = unixSeconds(clock);
    const { id } = await run(a, 'register', { serial: 'T-1' });
    await run(a, 'note', { text: 'x' }, { id });
    expect(await get(a, id, { at: now })).toEqual(await get(a, id));
    await expect(get(a, id, { at: now - 1 })).rejects.toMatchObject({ code: 'not_found' });
    const query = { ...reading(a), query: 'serials', args: {} };
    expect(await a.host.query({ ...query, at: now })).toEqual(['T-1']);
    expect(await a.host.query({ ...query, at: now - 1 })).toEqual([]);
  });

  it('are in the feed of whom they tell something, once, in the order of the log, also after a restart', async () => {
    const world = await openShared();
    const [a, b] = [await world.node(0), await world.node(1)];
    const one = await run(a, 'register', { serial: 'F-1', with: [did(b)] });
    const own = await run(a, 'register', { serial: 'F-2' });
    await settleAll([a, b]);
    expect(a.host.feed(0, 10).map(({ line }) => line)).toEqual([one.line, own.line]);
    expect(b.host.feed(0, 10)).toEqual([{ number: 1, channel: CHANNEL, line: one.line }]);
    await b.host.close();
    const two = await run(a, 'note', { text: 'meanwhile' }, { id: one.id });
    await b.reopen();
    await settleAll([a, b]);
    expect(b.host.feed(0, 10).map(({ line }) => line)).toEqual([one.line, two.line]);
  });
});

describe('a shared command that looks at other objects', () => {
  it('sees them where they are when the line is taken, and names the line at which it saw them', async () => {
    const world = await openShared();
    const [a, b] = [await world.node(0), await world.node(1)];
    const seen = await run(b, 'register', { serial: 'R-1' });
    const { id } = await run(a, 'register', { serial: 'R-2' });
    const quoted = await run(a, 'quote', { other: seen.id }, { id });
    expect((await get(a, id)).state).toMatchObject({ texts: ['R-1'] });
    const { payload } = await a.host.payload({ line: quoted.line, reader: { actor: did(a) } });
    expect(payload.reads).toEqual([{ module: 'test.toy', id: seen.id, head: seen.line }]);
    const { committed, salt } = await a.host.payload({ line: quoted.line, reader: { actor: did(a) } });
    expect(committed).toMatchObject({ command: 'quote', id, data: { other: seen.id } });
    const line = world.consortium.ledger.state('event').get(`${CHANNEL}|line|${quoted.line}`);
    expect((line as { digest: Uint8Array }).digest).toEqual(digestOf(committed as never, fromHex(salt)));
    const none = await run(a, 'quote', { other: 'f'.repeat(32) }, { id });
    expect(none.events).toMatchObject([{ data: { text: '' } }]);
  });

  it('is refused where the line saw something else than there is, or what nodes do not have', async () => {
    const world = await openShared();
    const a = await world.node(0);
    const seen = await run(a, 'register', { serial: 'R-3' });
    const { id, line } = await run(a, 'register', { serial: 'R-4' });
    const heads = [{ ref: refOfObject('test.toy', id), prevHead: Buffer.from(line, 'hex') }];
    const quote = (reads: readonly CborValue[]) =>
      send(world, {
        heads,
        payload: { command: 'quote', id, data: { other: seen.id }, objects: [id], reads, credentials: [] },
      });
    const name = { module: 'test.toy', id: seen.id };
    expect(await quote([{ ...name, head: '0'.repeat(64) }])).toBe('head_conflict /reads/0');
    expect(await quote([{ ...name, head: null }])).toBe('head_conflict /reads/0');
    expect(await quote([])).toBe('invalid_argument /reads');
    expect(await quote([{ ...name, id, head: line }])).toBe('invalid_argument /reads');
    expect(await quote([{ ...name, head: seen.line }])).toBeUndefined();
  });

  it('has the roles of its party as they are at the line', async () => {
    const roles = toyModule({ version: '2' }) as unknown as {
      commands: { note: { allow(request: { context: { roles: readonly string[] } }): boolean } };
    };
    roles.commands.note.allow = ({ context }) => context.roles.includes('operator');
    const module = roles as unknown as Module;
    const own = createModuleDecider(module);
    const world = await openWorld({ deciders: [own], shared: [moduleDigestOf(own.declaration)] });
    const [a, c] = [await world.node(0, { modules: [module] }), await world.node(2, { modules: [module] })];
    const more = { module: 'test.toy@2' };
    const { id } = await run(a, 'register', { serial: 'O-1' }, more);
    await expect(run(c, 'note', { text: 'as operator' }, { ...more, id })).resolves.toBeDefined();
    const { organisations, consortium } = world;
    const suspended = await consortium.govern(
      'registry',
      'member.suspend',
      { did: did(c) },
      organisations.slice(0, 2),
    );
    expect(suspended).toBeUndefined();
    await expect(run(c, 'note', { text: 'no more' }, { ...more, id })).rejects.toMatchObject({
      code: 'permission_denied',
    });
    await expect(run(a, 'note', { text: 'still' }, { ...more, id })).resolves.toBeDefined();
  });
});

/** A line as somebody writes it who has the ledger's API and no host of ours. */
interface Forged {
  readonly heads: LineRequest['heads'];
  readonly payload: { readonly [field: string]: CborValue };
  readonly by?: number;
  readonly tokens?: Pick<LineRequest, 'unique' | 'hold' | 'release'>;
}

/** Code (and field) of the refusal. */
async function send(
  world: World,
  { heads, payload, by = 0, tokens = {} }: Forged,
): Promise<string | undefined> {
  const { did: actor, signer } = world.organisations[by] as World['organisations'][number];
  const line = {
    ...{ network: NETWORK, channel: CHANNEL, actor, notAfter, signers: [signer], heads, ...tokens },
    ...{ moduleDigest: digest, digest: digestOf(payload as unknown as JsonValue, SALT) },
    shared: { salt: SALT, payload },
  };
  return world.consortium.send(buildLine(line));
}

const register = (id: string, serial: string) => ({
  payload: { command: 'register', id, data: { serial }, objects: [id], reads: [], credentials: [] },
  tokens: sharedTokens(CHANNEL, 'test.toy', [{ object: 0, type: 'x', data: {}, unique: [serial] }]),
});
const newHead = (id: string, rule = ANY_WRITER) => [
  { ref: refOfObject('test.toy', id), prevHead: null, rule },
];
const [ONE, TWO] = ['1'.repeat(32), '2'.repeat(32)] as const;

describe('a member with the ledger’s API and no host', () => {
  it('takes no serial number twice: the line has the tokens of its events, or is refused', async () => {
    const world = await openShared();
    const first = register(ONE, 'S-1');
    expect(await send(world, { heads: newHead(ONE), ...first })).toBeUndefined();
    const again = register(TWO, 'S-1');
    expect(await send(world, { by: 1, heads: newHead(TWO), ...again })).toBe('line_token_taken /unique/0');
    expect(await send(world, { by: 1, heads: newHead(TWO), payload: again.payload })).toBe(
      'line_tokens_unfit /unique',
    );
    const other = { unique: [tokenOf(sharedTokenKey(CHANNEL), 'test.toy', 'S-2')] };
    expect(await send(world, { by: 1, heads: newHead(TWO), payload: again.payload, tokens: other })).toBe(
      'line_tokens_unfit /unique',
    );
  });

  it('takes nothing from others before they come, by a line that no event stands behind', async () => {
    const world = await openShared();
    const { did: actor, signer } = world.organisations[1] as World['organisations'][number];
    const squat = buildLine({
      ...{ network: NETWORK, channel: CHANNEL, actor, notAfter, signers: [signer] },
      heads: [{ ref: bytes32('anything'), prevHead: null, rule: ANY_WRITER }],
      unique: [tokenOf(sharedTokenKey(CHANNEL), 'test.toy', 'S-3')],
      ...{ moduleDigest: bytes32('private module'), digest: SALT },
    });
    expect(await world.consortium.send(squat)).toBeUndefined();
    expect(await send(world, { heads: newHead(ONE), ...register(ONE, 'S-3') })).toBeUndefined();
  });

  it('begins no object that others cannot move, nor one under a name that is not its own', async () => {
    const world = await openShared();
    const mine = { ...ANY_WRITER, dids: [world.organisations[0]?.did ?? ''], roles: [] };
    const begun = register(ONE, 'S-4');
    expect(await send(world, { heads: newHead(ONE, mine), ...begun })).toBe('invalid_argument /objects/0');
    expect(await send(world, { heads: newHead(TWO), ...begun })).toBe('invalid_argument /objects/0');
    expect(await send(world, { heads: newHead(ONE), ...begun })).toBeUndefined();
  });

  it('moves another’s object only as the module says, and its others in their order', async () => {
    const world = await openShared();
    const [a, b] = [await world.node(0), await world.node(1)];
    const one = await run(a, 'register', { serial: 'S-5', with: [did(b)] });
    const two = await run(a, 'register', { serial: 'S-6', with: [did(b)] });
    const headOf = ({ id, line }: { id: string; line: string }) => ({
      ref: refOfObject('test.toy', id),
      prevHead: Buffer.from(line, 'hex'),
    });
    const note = {
      command: 'note',
      id: one.id,
      data: { text: 'mine' },
      objects: [one.id],
      reads: [],
      credentials: [],
    };
    expect(await send(world, { by: 2, heads: [headOf(one)], payload: note })).toBe('permission_denied');
    const rule = { ...ANY_WRITER, dids: [did(b)], roles: [] };
    expect(await send(world, { by: 1, heads: [{ ...headOf(one), rule }], payload: note })).toBe(
      'line_rule_unmet /heads/0',
    );
    // Tokens belong to the first head: another order would give them to another object.
    const join = {
      command: 'join',
      id: one.id,
      data: { other: two.id },
      objects: [two.id, one.id],
      reads: [],
      credentials: [],
    };
    expect(await send(world, { by: 1, heads: [headOf(two), headOf(one)], payload: join })).toBe(
      'invalid_argument /objects',
    );
    const state = (await get(a, one.id)).state as unknown as Toy;
    expect(state.texts).toEqual([]);
  });
});
