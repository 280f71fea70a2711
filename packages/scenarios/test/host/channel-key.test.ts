import { createMemoryStore, fromHex, type JsonValue, toHex } from '@attestel/core';
import { channelKeyCommitment, tokenOf } from '@attestel/registry';
import { describe, expect, it } from 'vitest';
import { bytes32 } from '../../../registry/test/fake-channels.ts';
import { createLedgerView } from '../../src/host/ledger-view.ts';
import { CHANNEL, did, memoryDisk, type Node, openWorld, run, settleAll, type World } from './world.ts';

const viewOf = ({ consortium }: World) => createLedgerView(consortium.ledger, () => 0);
const anchorOf = (world: World) => viewOf(world).channelKey(CHANNEL);
const keyParcel = (key: Uint8Array): JsonValue => ({
  kind: 'channel-key',
  channel: CHANNEL,
  key: toHex(key),
});

/** A host of the same party over an empty store, as after the loss of a disk. */
const withoutStore = (world: World, who: number): Promise<Node> =>
  world.node(who, { store: createMemoryStore(), disk: memoryDisk() });

describe('the key of a channel', () => {
  it('is made by the first governor that needs one; the ledger commits to it, and the others ask for it', async () => {
    const world = await openWorld();
    const [a, b] = [await world.node(0), await world.node(1)];
    expect(anchorOf(world)).toBeUndefined();
    await run(b, 'register', { serial: 'K-1' });
    expect(anchorOf(world)).toMatchObject({ actor: did(b) });
    await expect(run(a, 'register', { serial: 'K-1' })).rejects.toMatchObject({
      code: 'channel_key_missing',
    });
    await settleAll([a, b]);
    await expect(run(a, 'register', { serial: 'K-1' })).rejects.toMatchObject({ code: 'already_exists' });
    await expect(run(a, 'register', { serial: 'K-2' })).resolves.toBeDefined();
    expect(a.host.outbox()).toEqual([]);
  });

  it('is one, whoever makes one at the same time', async () => {
    const world = await openWorld();
    const nodes = [await world.node(0), await world.node(1), await world.node(2)];
    const tries = await Promise.allSettled(nodes.map((node) => run(node, 'register', { serial: 'K-3' })));
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await settleAll(nodes);
    for (const node of nodes)
      await expect(run(node, 'register', { serial: 'K-3' })).rejects.toMatchObject({
        code: 'already_exists',
      });
  });

  it('is not replaced by who lost its store: it asks the others, and until then nothing unique is taken', async () => {
    const world = await openWorld();
    const [a, b] = [await world.node(0), await world.node(1)];
    await run(a, 'register', { serial: 'K-4' });
    await run(b, 'register', { serial: 'K-5' }).catch(() => {});
    await settleAll([a, b]);
    const anchor = anchorOf(world);
    world.unreachable.add(did(b));
    const again = await withoutStore(world, 0);
    await expect(run(again, 'register', { serial: 'K-4' })).rejects.toMatchObject({
      code: 'channel_key_missing',
    });
    world.unreachable.delete(did(b));
    await settleAll([again, b]);
    await expect(run(again, 'register', { serial: 'K-4' })).rejects.toMatchObject({ code: 'already_exists' });
    await expect(run(again, 'register', { serial: 'K-6' })).resolves.toBeDefined();
    expect(anchorOf(world)).toEqual(anchor);
  });

  it('comes from another member that has it, where its maker is suspended', async () => {
    const world = await openWorld();
    const [a, b, c] = [await world.node(0), await world.node(1), await world.node(2)];
    await run(a, 'register', { serial: 'K-7' });
    await run(b, 'register', { serial: 'K-8' }).catch(() => {});
    await settleAll([a, b]);
    const { consortium, organisations } = world;
    const votes = organisations.slice(1);
    expect(await consortium.govern('registry', 'member.suspend', { did: did(a) }, votes)).toBeUndefined();
    world.unreachable.add(did(a));
    for (let asked = 0; asked < 2; asked += 1) {
      await run(c, 'register', { serial: 'K-7' }).catch(() => {});
      await settleAll([b, c]);
    }
    await expect(run(c, 'register', { serial: 'K-7' })).rejects.toMatchObject({ code: 'already_exists' });
    await expect(run(c, 'register', { serial: 'K-9' })).resolves.toBeDefined();
  });

  it('is that of the commitment: any other that comes is refused, whoever sends it', async () => {
    const world = await openWorld();
    const [a, c] = [await world.node(0), await world.node(2)];
    const other = bytes32('another key');
    await expect(c.host.receive(did(a), keyParcel(other))).rejects.toMatchObject({
      code: 'channel_key_missing',
    });
    await run(a, 'register', { serial: 'K-10' });
    await expect(c.host.receive(did(a), keyParcel(other))).rejects.toMatchObject({ code: 'conflict' });
    await settleAll([a, c]);
    await expect(run(c, 'register', { serial: 'K-11' })).rejects.toMatchObject({
      code: 'channel_key_missing',
    });
  });

  it('is durable at its maker before the ledger commits to it, and the same after a crash in between', async () => {
    const world = await openWorld();
    const a = await world.node(0);
    const { ledger } = world.consortium;
    const submit = ledger.submit.bind(ledger);
    ledger.submit = () => Promise.reject(new Error('crash'));
    await expect(run(a, 'register', { serial: 'K-12' })).rejects.toThrow('crash');
    const kept = [...a.store.range('contract.channel-key')];
    expect(kept).toHaveLength(1);
    ledger.submit = submit;
    await a.reopen();
    await run(a, 'register', { serial: 'K-12' });
    expect([...a.store.range('contract.channel-key')]).toEqual(kept);
  });
});

it('the commitment says nothing by which a token could be guessed', () => {
  const key = bytes32('key');
  const commitment = channelKeyCommitment(key, CHANNEL);
  expect(commitment).not.toEqual(key);
  expect(tokenOf(commitment, 'test.toy', 'K')).not.toEqual(tokenOf(key, 'test.toy', 'K'));
  expect(fromHex(toHex(commitment))).toHaveLength(32);
});
