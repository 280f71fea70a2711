import { type Bytes, fromHex, type JsonValue, toHex, unixSeconds } from '@attestel/core';
import { buildLine, digestOf, type LineRequest, type Rule, tokenOf } from '@attestel/registry';
import { beforeAll, describe, expect, it } from 'vitest';
import { clock, NETWORK, notAfter } from '../../../registry/test/consortium.ts';
import { bytes32 } from '../../../registry/test/fake-channels.ts';
import { ruleOf, sorted } from '../../src/host/commands/rule-of.ts';
import { refOfObject } from '../../src/host/ledger-view.ts';
import { digestOfModule } from '../../src/module/declaration.ts';
import { toyModule } from './toy-module.ts';
import { CHANNEL, did, get, type Node, openWorld, run, settleAll, type World } from './world.ts';

const SALT = bytes32('salt');
const module = digestOfModule(toyModule());

let world: World;
let a: Node;
let b: Node;
let key: Bytes;
let made = 0;

/** A key like any other, which the test knows. */
beforeAll(async () => {
  world = await openWorld();
  [a, b] = [await world.node(0), await world.node(1)];
  let taken: unknown;
  world.tamper = (parcel) => {
    if (parcel.kind === 'channel-key') taken = parcel.key;
    return parcel;
  };
  await run(a, 'register', { serial: 'first', with: [did(b)] });
  await settleAll([a, b]);
  world.tamper = undefined;
  key = fromHex(taken as string);
});

interface Forgery {
  readonly serial: string;
  readonly rule?: Rule;
  readonly tokens?: Pick<LineRequest, 'unique' | 'hold' | 'release'>;
  readonly parties?: readonly string[];
}

const token = (text: string, by = key): Bytes => tokenOf(by, 'test.toy', text);

/** An object begun by a member that has the ledger's API and no host of ours; its payload is as it should be. */
async function forge({ serial, rule, tokens, parties = [did(b)] }: Forgery) {
  made += 1;
  const id = made.toString(16).padStart(32, '0');
  const payload = {
    ...{ v: 1, module, command: 'register', id, data: { serial, with: parties } },
    ...{ party: did(a), actor: did(a), at: unixSeconds(clock) },
    ...{ parties: sorted([did(a), ...parties]), reads: [], credentials: [] },
    ...{ objects: [{ id, prevHead: null }], issued: [], revoked: [] },
    events: [{ type: 'registered', data: { serial, with: parties }, parties, unique: [serial] }],
  } as unknown as JsonValue;
  const operation = await buildLine({
    ...{ network: NETWORK, channel: CHANNEL, actor: did(a), notAfter },
    signers: [a.organisation.signer],
    heads: [
      {
        ref: refOfObject('test.toy', id),
        prevHead: null,
        rule: rule ?? ruleOf([did(a), ...parties], did(a)),
      },
    ],
    ...(tokens ?? { unique: [token(serial)] }),
    ...{ moduleDigest: fromHex(module), digest: digestOf(payload, SALT) },
  });
  expect(await world.consortium.send(operation)).toBeUndefined();
  const line = toHex(operation.id);
  const parcel = { kind: 'payload', channel: CHANNEL, line, kept: { payload, salt: toHex(SALT) } };
  return { id, line, parcel: parcel as unknown as JsonValue };
}

const reasonsAt = (node: Node, line: string) =>
  node.host.disputes().find((one) => one.line === line)?.reasons;

describe('a line that was not written by a host', () => {
  it('is taken where it does what its payload says', async () => {
    const { id, line, parcel } = await forge({ serial: 'fits' });
    await b.host.receive(did(a), parcel);
    expect(reasonsAt(b, line)).toBeUndefined();
    expect(await get(b, id)).toMatchObject({ head: line, checked: true });
  });

  it.each<[string, (serial: string) => Partial<Forgery>, string]>([
    ['takes no token for what it calls unique', () => ({ tokens: {} }), 'tokens'],
    ['takes another token', () => ({ tokens: { unique: [token('another')] } }), 'tokens'],
    ['takes one by a key of its own', (serial) => ({ tokens: { unique: [token(serial, SALT)] } }), 'tokens'],
    ['takes more', (serial) => ({ tokens: { unique: [token(serial), token('more')] } }), 'tokens'],
    ['takes it until released', (serial) => ({ tokens: { hold: [token(serial)] } }), 'tokens'],
    ['leaves out a mover', () => ({ rule: ruleOf([], did(a)) }), 'rules'],
    [
      'lets every writer move it',
      () => ({ rule: { ...ruleOf([did(b)], did(a)), roles: ['writer'] } }),
      'rules',
    ],
    ['lets one replace the rule', () => ({ rule: { ...ruleOf([did(b)], did(a)), resolution: 1 } }), 'rules'],
  ])('is disputed and not followed where it %s', async (what, change, reason) => {
    const serial = `forged: ${what}`;
    const { id, line, parcel } = await forge({ serial, ...change(serial) });
    await b.host.receive(did(a), parcel);
    expect(reasonsAt(b, line)).toEqual([reason]);
    await expect(get(b, id)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('is refused a serial number that is taken, whatever it says', async () => {
    await expect(forge({ serial: 'first' })).rejects.toThrow('line_token_taken');
  });
});

describe('a payload', () => {
  it('is not stored by a party that it does not name', async () => {
    const { line, parcel } = await forge({ serial: 'not for b', parties: [] });
    await expect(b.host.receive(did(a), parcel)).rejects.toMatchObject({ code: 'permission_denied' });
    expect(b.store.get('contract.payload', fromHex(line))).toBeUndefined();
  });

  it('is called erased only by who wrote its line or may move its objects', async () => {
    const { id, line, parcel } = await forge({ serial: 'not erased' });
    const erased = { kind: 'erased', channel: CHANNEL, line, module: 'test.toy', time: 1, parties: [] };
    const stub = { ...erased, objects: [id] } as unknown as JsonValue;
    const stranger = world.organisations[2]?.did ?? '';
    await expect(b.host.receive(stranger, stub)).rejects.toMatchObject({ code: 'permission_denied' });
    const other = { ...erased, objects: ['f'.repeat(32)] } as unknown as JsonValue;
    await expect(b.host.receive(did(a), other)).rejects.toMatchObject({ code: 'permission_denied' });
    await b.host.receive(did(a), parcel);
    expect(await get(b, id)).toMatchObject({ head: line, checked: true });
  });

  it('of an object reaches who joins, in whatever order it comes', async () => {
    const c = await world.node(2);
    const { id } = await run(a, 'register', { serial: 'joins' });
    for (let text = 0; text < 5; text += 1) await run(a, 'note', { text: String(text) }, { id });
    await run(a, 'invite', { with: [did(c)] }, { id });
    await settleAll([a, b, c]);
    expect(await get(c, id)).toEqual(await get(a, id));
    expect(a.host.outbox().filter(({ to }) => to === did(c))).toEqual([]);
  });
});

it('a line of unique things is disputed where the channel has no key yet', async () => {
  const fresh = await openWorld();
  const [x, y] = [await fresh.node(0), await fresh.node(1)];
  [world, a, b] = [fresh, x, y];
  const { line, parcel } = await forge({ serial: 'early', tokens: { unique: [token('early', SALT)] } });
  await b.host.receive(did(a), parcel);
  expect(reasonsAt(b, line)).toEqual(['tokens']);
});

it('what a node that began with a snapshot cannot check is marked so, and not disputed', async () => {
  const fresh = await openWorld();
  const [x, y] = [await fresh.node(0), await fresh.node(1)];
  const { ledger } = fresh.consortium;
  const entries = ledger.entries.bind(ledger);
  ledger.entries = () => [];
  const { id } = await run(x, 'register', { serial: 'snapshot', with: [did(y)] });
  await settleAll([x, y]);
  ledger.entries = entries;
  expect(await get(y, id)).toMatchObject({ lines: 1, checked: false, disputedBy: null });
  await run(x, 'note', { text: 'the log goes on' }, { id });
  await settleAll([x, y]);
  expect(await get(y, id)).toMatchObject({ lines: 2, disputedBy: null });
});
