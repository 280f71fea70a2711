import { systemRandom } from '@attestel/core';
import { buildUpdate, createDid } from '@attestel/did';
import { encodeOperation } from '@attestel/ledger';
import { buildChannelOperation, CHANNEL_MODULE, createChannels } from '@attestel/registry';
import { describe, expect, it } from 'vitest';
import { checkpointSigner, clock, notAfter, organisation } from '../../../registry/test/consortium.ts';
import { ALWAYS, openBody } from '../../../registry/test/fake-channels.ts';
import { readPayloadRecord } from '../../src/host/store/payload-records.ts';
import { toyModule } from './toy-module.ts';
import { CHANNEL, did, type Node, openWorld, run, settleAll, type World } from './world.ts';

const modules = [toyModule({ blind: true })];
const blindChannels = [CHANNEL];

/** Writers of the channel that are no members of the consortium. */
function outsiders({ consortium, organisations }: World): readonly string[] {
  const channels = createChannels(consortium.ledger, () => clock.now() / 1000);
  const own = organisations.map(({ did }) => did);
  return channels.members(CHANNEL).flatMap(({ did }) => (own.includes(did) ? [] : [did]));
}

/** The first organisations stand for nodes of these numbers; votes of so many governors decide. */
async function governedBy(governors: readonly number[], threshold: number): Promise<World> {
  const world = await openWorld();
  await govern(world, governors, threshold, [0, 1, 2]);
  return world;
}

async function govern(world: World, governors: readonly number[], threshold: number, by: readonly number[]) {
  const dids = governors.flatMap((who) => world.organisations[who]?.did ?? []);
  const { members: _, ...body } = openBody(CHANNEL, { governors: dids, members: [], threshold });
  await decided(world, 'govern', body, by);
}

const remove = (world: World, dids: readonly string[], by: readonly number[]): Promise<void> =>
  decided(world, 'members.remove', { channel: CHANNEL, dids: [...dids] }, by);

const list = (world: World, who: string, by: readonly number[]): Promise<void> =>
  decided(world, 'members.set', listing(who), by);

const listing = (who: string) => ({
  channel: CHANNEL,
  members: [{ did: who, role: 'writer', validity: ALWAYS }],
});

async function decided(
  { consortium, organisations }: World,
  kind: string,
  body: Parameters<World['consortium']['govern']>[2],
  by: readonly number[],
): Promise<void> {
  const signing = organisations.filter((_, who) => by.includes(who));
  expect(await consortium.govern('channel', kind, body, signing, CHANNEL)).toBeUndefined();
}

/** A DID with a ledger key and nothing else, on the ledger. */
async function bareDid(world: World): Promise<string> {
  return (await bare(world)).did;
}

async function bare({ consortium }: World) {
  const [control, next, ledger] = [
    await checkpointSigner(),
    await checkpointSigner(),
    await checkpointSigner(),
  ];
  const ledgerKeys = [['ledger-1', ledger.publicKey]] as const;
  const made = createDid({
    ...{ network: 'test', controlKey: control, nextKeys: [next.publicKey], random: systemRandom },
    ...{ ledgerKeys, document: { verificationMethods: [] } },
  });
  const created = await made.toOperation(notAfter);
  expect(await consortium.send(created)).toBeUndefined();
  return { did: made.did, next, ledgerKeys, created };
}

/** What B answers where A asks for its vote on listing a DID, at the next place of A's sequence or one after it. */
async function voteOn(world: World, [a, b]: readonly [Node, Node], who: string, ahead = 0) {
  const { ledger } = world.consortium;
  const operation = await buildChannelOperation({
    ...{ kind: 'members.set', body: listing(who), ns: CHANNEL, actor: did(a), network: 'test', notAfter },
    ...{ sequence: ledger.sequence(CHANNEL_MODULE, did(a)) + ahead, signers: [a.organisation.signer] },
  });
  const text = Buffer.from(encodeOperation(operation)).toString('base64url');
  const answers: unknown[] = [];
  world.tamper = (parcel) => {
    answers.push(parcel.kind);
    return parcel;
  };
  // A did not begin to ask by its own code, and takes no answer.
  const voting = expect(
    b.host.receive(did(a), { kind: 'blind-vote', channel: CHANNEL, operation: text }),
  ).rejects.toMatchObject({ code: 'permission_denied' });
  await b.settle();
  await voting;
  world.tamper = undefined;
  return answers.includes('cosigned') ? 'voted' : 'refused';
}

describe('the common DID of who left', () => {
  it('is taken off by the next first governor, which never had its key nor voted for it', async () => {
    const world = await governedBy([0, 2], 1);
    const a = await world.node(0, { modules, blindChannels });
    const c = await world.node(2, { modules, blindChannels });
    await run(a, 'register', { serial: 'X-1' });
    const [first = ''] = outsiders(world);
    await remove(world, [did(a)], [2]);
    await govern(world, [2], 1, [2]);
    await settleAll([c]);
    expect(outsiders(world)).toHaveLength(1);
    expect(outsiders(world)).not.toContain(first);
    await expect(run(c, 'register', { serial: 'X-2' })).rejects.toMatchObject({
      code: 'channel_key_missing',
    });
    await settleAll([c, a]);
    await run(c, 'register', { serial: 'X-2' });
    await expect(run(a, 'register', { serial: 'X-3' })).rejects.toMatchObject({ code: 'permission_denied' });
  });

  it('is taken off with the vote of a governor that never voted for it', async () => {
    const world = await governedBy([0, 1, 2], 1);
    const a = await world.node(0, { modules, blindChannels });
    await run(a, 'register', { serial: 'X-1' });
    const [first = ''] = outsiders(world);
    await remove(world, [did(a)], [1]);
    await govern(world, [1, 2], 2, [1]);
    const c = await world.node(2, { modules, blindChannels });
    const b = await world.node(1, { modules, blindChannels });
    await settleAll([b, c]);
    expect(outsiders(world)).toHaveLength(1);
    expect(outsiders(world)).not.toContain(first);
  });

  it('is used no more by anybody as soon as a newer one is listed, though it stays listed itself', async () => {
    const world = await governedBy([0], 1);
    const a = await world.node(0, { modules, blindChannels });
    const b = await world.node(1, { modules });
    await run(a, 'register', { serial: 'X-1' });
    await expect(run(b, 'register', { serial: 'X-2' })).rejects.toMatchObject({ code: 'blind_unavailable' });
    await settleAll([a, b]);
    await run(b, 'register', { serial: 'X-2' });
    const [first] = outsiders(world);
    await a.host.close();
    const newer = await bareDid(world);
    await list(world, newer, [0]);
    await expect(run(b, 'register', { serial: 'X-3' })).rejects.toMatchObject({ code: 'blind_unavailable' });
    // The maker made neither the one that came, nor leaves it there.
    await a.reopen();
    await settleAll([a, b]);
    const [third, ...more] = outsiders(world);
    expect([third === first, third === newer, more]).toEqual([false, false, []]);
    await run(b, 'register', { serial: 'X-3' });
  });
});

describe('the vote for a common DID', () => {
  async function openVoting() {
    const world = await governedBy([0, 1, 2], 2);
    const b = await world.node(1, { modules, blindChannels });
    const a = await world.node(0, { modules, blindChannels });
    return { world, nodes: [a, b] as const };
  }

  it('is not given to a DID that could be somebody, nor to one that is not there', async () => {
    const { world, nodes } = await openVoting();
    const eve = await organisation('eve');
    expect(await voteOn(world, nodes, eve.did)).toBe('refused');
    expect(await world.consortium.send(eve.create)).toBeUndefined();
    expect(await voteOn(world, nodes, eve.did)).toBe('refused');
  });

  it('is given for the next place in the sequence alone, so that the ledger takes one of several', async () => {
    const { world, nodes } = await openVoting();
    expect(await voteOn(world, nodes, await bareDid(world), 1)).toBe('refused');
    expect(await voteOn(world, nodes, await bareDid(world))).toBe('voted');
  });

  it('is given while one other at most is listed', async () => {
    const { world, nodes } = await openVoting();
    await nodes[0].host.close();
    await list(world, await bareDid(world), [0, 1]);
    expect(await voteOn(world, nodes, await bareDid(world))).toBe('voted');
    await list(world, await bareDid(world), [0, 1]);
    expect(await voteOn(world, nodes, await bareDid(world))).toBe('refused');
    // Who comes upon two of others takes them off before it lists its own.
    const [one, two] = outsiders(world);
    await nodes[0].reopen();
    await run(nodes[0], 'register', { serial: 'V-1' });
    const [own, ...more] = outsiders(world);
    expect([own === one, own === two, more]).toEqual([false, false, []]);
  });
});

describe('what goes to every member', () => {
  it('goes to no common DID: nobody is there to take it', async () => {
    const world = await governedBy([0], 1);
    const a = await world.node(0, { modules, blindChannels });
    const others = [await world.node(1, { modules }), await world.node(2, { modules })];
    const { id } = await run(a, 'register', { serial: 'A-1' });
    const { line } = await run(a, 'publish', { text: 'to all' }, { id });
    const [common = ''] = outsiders(world);
    await settleAll([a, ...others]);
    await a.host.close();
    await a.reopen();
    await settleAll([a, ...others]);
    expect(a.host.outbox()).toEqual([]);
    for (const { store } of others) expect(readPayloadRecord(store, line)).toBeDefined();
    const asked: string[] = [];
    const ask = async (party: string) => {
      asked.push(party);
      return {};
    };
    await a.host.lookup(ask, { person: '12'.repeat(16) });
    expect(asked.sort()).toEqual(others.map(did).sort());
    const request = { kind: 'channel-key-request', channel: CHANNEL };
    await expect(a.host.receive(common, request)).rejects.toMatchObject({ code: 'permission_denied' });
  });

  it('goes to none that its keeper made look like somebody since', async () => {
    const world = await governedBy([0], 1);
    const a = await world.node(0);
    const { did: eve, next, ledgerKeys, created } = await bare(world);
    await list(world, eve, [0]);
    const key = (await checkpointSigner()).publicKey;
    const document = {
      verificationMethods: [{ fragment: 'key-1', key, relationships: ['authentication' as const] }],
    };
    const { operation } = await buildUpdate({
      ...{ did: eve, previous: created.id, controlKeys: [next], random: systemRandom, notAfter },
      ...{ nextKeys: [(await checkpointSigner()).publicKey], ledgerKeys, document },
    });
    expect(await world.consortium.send(operation)).toBeUndefined();
    const { id } = await run(a, 'register', { serial: 'A-3' });
    await run(a, 'publish', { text: 'to all' }, { id });
    await a.host.idle();
    expect(a.host.outbox().map(({ to }) => to)).not.toContain(eve);
    const request = { kind: 'channel-key-request', channel: CHANNEL };
    await expect(a.host.receive(eve, request)).rejects.toMatchObject({ code: 'permission_denied' });
  });

  it('still goes to writers from outside the consortium that are somebody', async () => {
    const world = await governedBy([0], 1);
    const vendor = await organisation('vendor');
    expect(await world.consortium.send(vendor.create)).toBeUndefined();
    await list(world, vendor.did, [0]);
    const a = await world.node(0);
    const { id } = await run(a, 'register', { serial: 'A-2' });
    await run(a, 'publish', { text: 'to all' }, { id });
    await a.host.idle();
    expect(a.host.outbox().map(({ to }) => to)).toContain(vendor.did);
  });
});

describe('a channel key on its way', () => {
  it('is not given to who left since it asked', async () => {
    const world = await governedBy([0], 1);
    const a = await world.node(0);
    const b = await world.node(1);
    await run(a, 'register', { serial: 'K-1' });
    world.unreachable.add(did(b));
    await a.host.receive(did(b), { kind: 'channel-key-request', channel: CHANNEL });
    await a.host.idle();
    expect(a.host.outbox()).toMatchObject([{ to: did(b), kind: 'channel-key' }]);
    await remove(world, [did(b)], [0]);
    const sent: unknown[] = [];
    world.tamper = (parcel) => {
      sent.push(parcel.kind);
      return parcel;
    };
    world.unreachable.clear();
    await settleAll([a, b]);
    expect([a.host.outbox(), sent]).toEqual([[], []]);
  });
});
