import { type JsonValue, toHex } from '@attestel/core';
import { encodeOperation } from '@attestel/ledger';
import { buildChannelOperation, createChannels, createEventLines } from '@attestel/registry';
import { describe, expect, it } from 'vitest';
import { clock, organisation } from '../../../registry/test/consortium.ts';
import { ALWAYS } from '../../../registry/test/fake-channels.ts';
import type { RunAnswer } from '../../src/host/commands/run-contract-command.ts';
import { openKept, readPayloadRecord } from '../../src/host/store/payload-records.ts';
import type { Module } from '../../src/module/module.ts';
import { toyModule } from './toy-module.ts';
import { CHANNEL, did, get, type Node, openWorld, run, settleAll, type World } from './world.ts';

const modules = [toyModule({ blind: true })];

const blindChannels = [CHANNEL];
const renamed = (module: Module): Module => ({ ...module, name: 'test.blind' });

async function openBlind(second: readonly Module[] = modules) {
  const world = await openWorld();
  const [a, b] = [
    await world.node(0, { modules, blindChannels }),
    await world.node(1, { modules: second, blindChannels }),
  ];
  return { world, a, b };
}

/** Writers of the channel that are no members of the consortium. */
function commonDids({ consortium, organisations }: World): readonly string[] {
  const channels = createChannels(consortium.ledger, () => clock.now() / 1000);
  const own = organisations.map(({ did }) => did);
  return channels.members(CHANNEL).flatMap(({ did }) => (own.includes(did) ? [] : [did]));
}

/** Until the node has been given the key that it asked for. */
const runOnceGiven = async (nodes: readonly Node[], work: () => Promise<RunAnswer>): Promise<RunAnswer> => {
  await expect(work()).rejects.toMatchObject({ code: 'blind_unavailable', kind: 'unavailable' });
  await settleAll(nodes);
  return work();
};

const remove = async (world: World, did: string): Promise<void> => {
  const { consortium, organisations } = world;
  const body = { channel: CHANNEL, dids: [did] };
  const refused = await consortium.govern('channel', 'members.remove', body, organisations, CHANNEL);
  if (refused) throw new Error(refused);
};

describe('a blind module', () => {
  it('runs between two parties; its lines name neither them nor itself [C5]', async () => {
    const { world, a, b } = await openBlind();
    await run(a, 'register', { serial: 'X-0' });
    const { size } = world.consortium.ledger.head();
    const { id } = await run(a, 'register', { serial: 'X-1', with: [did(b)] });
    await settleAll([a, b]);
    const { line } = await runOnceGiven([a, b], () => run(b, 'note', { text: 'agreed' }, { id }));
    await settleAll([a, b]);
    expect(await get(a, id)).toEqual(await get(b, id));
    expect(await get(a, id)).toMatchObject({ lines: 2, checked: true, disputedBy: null });
    const log = Array.from(world.consortium.ledger.entries(size, 1000), ({ bytes }) => Buffer.from(bytes));
    const secrets = [
      did(a),
      did(b),
      'test.toy',
      ...world.organisations.map(({ signer }) => signer.publicKey),
    ];
    for (const secret of secrets) expect(log.some((leaf) => leaf.includes(Buffer.from(secret)))).toBe(false);
    const onLedger = createEventLines(world.consortium.ledger).line(CHANNEL, Buffer.from(line, 'hex'));
    expect(onLedger).toMatchObject({ actor: commonDids(world)[0], moduleDigest: null });
    const request = { channel: CHANNEL, module: 'test.toy@1', id, reader: { actor: did(a) } };
    expect((await a.host.history(request)).map(({ party }) => party)).toEqual([did(a), did(b)]);
    for (const node of [a, b]) expect(node.host.verify().faults).toEqual([]);
  });

  it('still shows who wrote: a payload without the signature of the party it names is refused', async () => {
    const { world, a, b } = await openBlind();
    const { line } = await run(a, 'register', { serial: 'X-2', with: [did(b)] });
    await a.host.idle();
    const record = readPayloadRecord(a.store, line);
    const kept = openKept(a.vault(), line, record?.sealed as Uint8Array) as unknown as {
      proof: { signature: string };
    };
    const parcel = (change: object) =>
      ({ kind: 'payload', channel: CHANNEL, line, kept: { ...kept, ...change } }) as unknown as JsonValue;
    const wrong = { ...kept.proof, signature: '0'.repeat(128) };
    for (const change of [{ proof: wrong }, { proof: undefined }]) {
      const text = JSON.parse(JSON.stringify(parcel(change))) as JsonValue;
      await expect(b.host.receive(did(a), text)).rejects.toMatchObject({
        code: 'digest_mismatch',
        field: '/proof',
      });
    }
    await settleAll([a, b]);
    await expect(b.host.receive(did(a), parcel({}))).resolves.toBeUndefined();
    const c = await world.node(2, { modules });
    await expect(c.host.receive(did(a), parcel({}))).rejects.toMatchObject({ code: 'permission_denied' });
  });

  it('is disputed without a name too', async () => {
    const strict = toyModule({ blind: true }) as unknown as { commands: { note: { allow(): boolean } } };
    strict.commands.note.allow = () => false;
    const { world, a, b } = await openBlind([strict as unknown as Module]);
    const { id } = await run(a, 'register', { serial: 'X-3', with: [did(b)] });
    await run(a, 'note', { text: 'no' }, { id });
    await settleAll([a, b]);
    expect(await get(a, id)).toMatchObject({ disputedBy: commonDids(world)[0] });
    expect(b.host.disputes()).toMatchObject([{ reasons: ['refused:permission_denied'], status: 'raised' }]);
  });

  it('does not run openly where the common key is missing', async () => {
    const world = await openWorld();
    const a = await world.node(0, { modules });
    const { size } = world.consortium.ledger.head();
    await expect(run(a, 'register', { serial: 'X-4' })).rejects.toMatchObject({ code: 'blind_unavailable' });
    expect(world.consortium.ledger.head().size).toBe(size);
    expect(toHex(world.consortium.ledger.head().root)).toHaveLength(64);
    // What the rules refuse is refused by them, and waits for nobody.
    const nothing = { id: 'f'.repeat(32) };
    await expect(run(a, 'note', { text: 'x' }, nothing)).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('the common DID of a channel', () => {
  it('is made by the first governor with the votes of others, once, and handed to writers who ask', async () => {
    const { world, a, b } = await openBlind();
    await run(a, 'register', { serial: 'K-1', with: [did(b)] });
    const [common] = commonDids(world);
    await runOnceGiven([a, b], () => run(b, 'register', { serial: 'K-2', with: [did(a)] }));
    await settleAll([a, b]);
    for (const node of [a, b]) await node.host.close();
    for (const node of [a, b]) await node.reopen();
    await run(a, 'register', { serial: 'K-3' });
    await run(b, 'register', { serial: 'K-4' });
    expect(commonDids(world)).toEqual([common]);
    expect(a.host.outbox()).toEqual([]);
  });

  it('is not made without the votes that the channel asks for, and then is the one that was begun', async () => {
    const world = await openWorld();
    const a = await world.node(0, { modules, blindChannels });
    const unasked = await world.node(1, { modules });
    const register = (serial: string) => run(a, 'register', { serial });
    await expect(register('V-1')).rejects.toMatchObject({ code: 'cosignature_missing' });
    expect(world.refused).toContain('permission_denied');
    expect(commonDids(world)).toEqual([]);
    const { size } = world.consortium.ledger.head();
    await a.host.close();
    await a.reopen();
    const b = await world.node(unasked.organisation, { modules, blindChannels });
    await register('V-1');
    await settleAll([a, b]);
    // The change of the list, the channel's key and the line, each with its block: the DID was there.
    expect(world.consortium.ledger.head().size).toBe(size + 6);
    expect(commonDids(world)).toHaveLength(1);
  });

  it('gives way to another one as soon as somebody who has its key writes in the channel no more', async () => {
    const { world, a, b } = await openBlind();
    const c = await world.node(2, { modules });
    await run(a, 'register', { serial: 'L-1' });
    await runOnceGiven([a, c], () => run(c, 'register', { serial: 'L-2' }));
    const { id } = await run(c, 'register', { serial: 'L-3', with: [did(b)] });
    await settleAll([a, b, c]);
    const [first] = commonDids(world);
    await remove(world, did(c));
    await settleAll([a, b, c]);
    const [second, ...more] = commonDids(world);
    expect([first === second, more]).toEqual([false, []]);
    // Neither by itself nor by the old name.
    await expect(run(c, 'note', { text: 'still here' }, { id })).rejects.toMatchObject({
      code: 'permission_denied',
    });
    // What was written in the name of the first one stands.
    await runOnceGiven([a, b], () => run(b, 'note', { text: 'on' }, { id }));
    expect(await get(b, id)).toMatchObject({ lines: 2, checked: true, disputedBy: null });
  });

  it('is renewed when the host opens, where members left while it was away', async () => {
    const { world, a, b } = await openBlind();
    await run(a, 'register', { serial: 'O-1' });
    await runOnceGiven([a, b], () => run(b, 'register', { serial: 'O-2' }));
    const [first] = commonDids(world);
    world.unreachable.add(did(a));
    await remove(world, did(b));
    await settleAll([a]);
    // The new one has no vote but its own: the old one stays for the time being.
    expect(commonDids(world)).toEqual([first]);
    world.unreachable.clear();
    await a.host.close();
    await a.reopen();
    await a.host.idle();
    const [second, ...more] = commonDids(world);
    expect([second === first, more]).toEqual([false, []]);
  });

  it('is asked for in vain where the first governor makes none, which holds up nothing else', async () => {
    const world = await openWorld();
    const [a, b] = [
      await world.node(0, { modules: [toyModule(), ...modules.map(renamed)] }),
      await world.node(1, { modules: [toyModule(), ...modules.map(renamed)] }),
    ];
    const blind = { module: 'test.blind@1' };
    await expect(run(b, 'register', { serial: 'N-1' }, blind)).rejects.toMatchObject({
      code: 'blind_unavailable',
    });
    expect(b.host.outbox()).toEqual([]);
    await settleAll([a, b]);
    const { id } = await run(b, 'register', { serial: 'N-2', with: [did(a)] });
    await settleAll([a, b]);
    expect(await get(a, id)).toMatchObject({ checked: true });
  });

  it('is not given to a reader or a stranger, nor taken from who does not govern', async () => {
    const { world, a, b } = await openBlind();
    await run(a, 'register', { serial: 'G-1' });
    await remove(world, did(b));
    const request = { kind: 'blind-key-request', channel: CHANNEL };
    await expect(a.host.receive(did(b), request)).rejects.toMatchObject({ code: 'permission_denied' });
    const [common = ''] = commonDids(world);
    const key = { kind: 'blind-key', channel: CHANNEL, did: common, key: '0'.repeat(64) };
    const c = await world.node(2, { modules });
    await expect(c.host.receive('did:mno:test:stranger', key)).rejects.toMatchObject({
      code: 'permission_denied',
    });
    await expect(c.host.receive(did(a), key)).rejects.toMatchObject({ code: 'digest_mismatch' });
    const named = { ...key, did: did(b) };
    await expect(c.host.receive(did(a), named)).rejects.toMatchObject({ code: 'permission_denied' });
  });

  it.each([
    ['a member as common DID', 'members.set', (who: Node) => listing(did(who))],
    ['another role', 'members.set', () => listing(other.did, 'reader')],
    ['the removal of a member', 'members.remove', (who: Node) => ({ channel: CHANNEL, dids: [did(who)] })],
  ] as const)('gets no vote for %s', async (_, kind, bodyOf) => {
    const { world, a, b } = await openBlind();
    const c = await world.node(2, { modules });
    const { signer } = a.organisation;
    const operation = await buildChannelOperation({
      ...{ kind, body: bodyOf(c), ns: CHANNEL, actor: did(a), sequence: 7, network: 'test' },
      ...{ notAfter: clock.now() / 1000 + 600, signers: [signer] },
    });
    const text = Buffer.from(encodeOperation(operation)).toString('base64url');
    const vote = { kind: 'blind-vote', channel: CHANNEL, operation: text };
    await expect(b.host.receive(did(a), vote)).rejects.toMatchObject({ code: 'permission_denied' });
  });
});

const other = await organisation('other');

const listing = (who: string, role = 'writer') => ({
  channel: CHANNEL,
  members: [{ did: who, role, validity: ALWAYS }],
});
