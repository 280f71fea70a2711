import { createMemoryStore, toHex } from '@attestel/core';
import { createPolicy, type Policy } from '@attestel/proof';
import { afterEach, describe, expect, it } from 'vitest';
import { type FollowedLedger, type Ledger, provesFork } from '../../src/index.ts';
import { sha256 } from '../../src/sha256.ts';
import { cometRules, type FakeNetwork, openFakeNetwork } from '../fixtures/comet-network.ts';
import {
  NODES,
  openFollower,
  type Reachable,
  urlOf,
  policy as withLog,
  witnessOf,
} from '../fixtures/cosign-network.ts';
import { ANN, addition, ORIGIN } from '../fixtures/open-test-ledger.ts';

/** Two of three validators, of whose log nobody has the key: there is none. */
const { witnesses, groups, quorum } = withLog;
const policy: Policy = createPolicy({ origin: ORIGIN, logs: [], witnesses, groups, quorum }, sha256);

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

/** Validators with a history; their cosignatures are still with each of them. */
async function validators(amounts: readonly number[]): Promise<FakeNetwork> {
  const network = await openFakeNetwork(3, (i) => ({ witness: witnessOf(NODES[i] ?? ''), policy }));
  open.push(network);
  network.engine.run();
  for (const [i, amount] of amounts.entries())
    await network.ledgers[0]?.submit([await addition(ANN, i + 1, { body: { amount } })]);
  await network.engine.pause();
  return network;
}

const first = ({ ledgers }: FakeNetwork): Ledger => ledgers[0] as Ledger;
const exchange = ({ ledgers: [a, b] }: FakeNetwork): void => void a?.cosign(b?.head().checkpoint ?? '');

async function follower(reachable: Reachable, more: object = {}): Promise<FollowedLedger> {
  const opened = await openFollower('c', reachable, {
    ...cometRules,
    ...{ checkpointKey: undefined, policy, store: createMemoryStore() },
    ...more,
  });
  open.push(opened);
  return opened;
}

const hashOf = (ledger: Pick<Ledger, 'head'>): string => toHex(ledger.head().appHash);

describe('a node that follows a log without a key', () => {
  it('goes to what a quorum of the policy cosigned, through blocks that none has, and not one entry further', async () => {
    const network = await validators([1, 2, 3]);
    const store = createMemoryStore();
    const reachable: Reachable = new Map([[urlOf('a'), first(network)]]);
    const node = await follower(reachable, { store });
    await node.follow();
    expect(node.head().height).toBe(0);
    exchange(network);
    expect(await node.follow()).toBe(true);
    expect(hashOf(node)).toBe(hashOf(first(network)));
    expect(node.head().checkpoint).toContain('\u2014 c.example ');
    expect(node.alarms()).toEqual([]);

    await node.close();
    network.engine.run();
    await first(network).submit([await addition(ANN, 4)]);
    await network.engine.pause();
    const again = await follower(reachable, { store });
    await again.follow();
    expect(again.head().height).toBe(4);
    exchange(network);
    await again.follow();
    expect(hashOf(again)).toBe(hashOf(first(network)));
  });

  it('goes on while the newest block is always one that no quorum has cosigned yet', async () => {
    const network = await validators([1, 2]);
    exchange(network);
    network.engine.run();
    for (const sequence of [3, 4]) await first(network).submit([await addition(ANN, sequence)]);
    await network.engine.pause();
    const node = await follower(new Map([[urlOf('a'), first(network)]]));
    await node.follow();
    expect([node.head().height, first(network).head().height]).toEqual([3, 5]);
    expect(node.alarms()).toEqual([]);
  });

  it('believes no mirror what it says of a block that nobody cosigned, and goes on with another', async () => {
    const network = await validators([1, 2, 3]);
    exchange(network);
    const honest = first(network);
    const lies: readonly ((checkpoint: string) => string)[] = [
      (checkpoint) => checkpoint.replace(/state .*/, `state ${Buffer.alloc(32).toString('base64')}`),
      (checkpoint) =>
        checkpoint.replace(/\n[A-Za-z0-9+/]{43}=\n/, `\n${Buffer.alloc(32, 1).toString('base64')}\n`),
      (checkpoint) => checkpoint.replace(ORIGIN, 'ledger.example/other'),
      (checkpoint) => checkpoint.replace(/\n\d+\n/, '\n3\n'),
      () => '',
    ];
    for (const lie of lies) {
      const liar: Ledger = {
        ...honest,
        proofs: honest.proofs,
        *blocks(from, limit) {
          for (const block of honest.blocks(from, limit))
            yield block.height === 2 ? { ...block, checkpoint: lie(block.checkpoint) } : block;
        },
      };
      const reachable: Reachable = new Map([[urlOf('a'), liar]]);
      const node = await follower(reachable);
      await node.follow();
      expect(node.head().height).toBe(1);
      reachable.set(urlOf('b'), honest);
      await node.follow();
      expect(hashOf(node)).toBe(hashOf(honest));
      expect(node.alarms()).toEqual([]);
    }
  });

  it('does not take entries that make another root for those of the cosigned log', async () => {
    const [one, two] = [await validators([1, 2, 3]), await validators([1, 9, 3])];
    exchange(one);
    const [honest, other] = [first(one), first(two)];
    const { checkpoint } = honest.head();
    const liar: Ledger = { ...other, proofs: other.proofs, head: () => ({ ...other.head(), checkpoint }) };
    const node = await follower(new Map([[urlOf('a'), liar]]));
    await node.follow();
    expect(node.head().height).toBe(0);
    expect(node.alarms()).toEqual([]);
  });

  it('takes another history for nothing while a quorum does not stand by it', async () => {
    const [one, two] = [await validators([1, 2]), await validators([1, 3, 4])];
    exchange(one);
    const reachable: Reachable = new Map([[urlOf('a'), first(one)]]);
    const node = await follower(reachable);
    await node.follow();
    reachable.set(urlOf('a'), first(two));
    await node.follow();
    expect(hashOf(node)).toBe(hashOf(first(one)));
    expect(node.alarms()).toEqual([]);
  });

  it('stops for good when a quorum stands by two', async () => {
    const [one, two] = [await validators([1, 2]), await validators([1, 3])];
    for (const network of [one, two]) exchange(network);
    const reachable: Reachable = new Map([[urlOf('a'), first(one)]]);
    const node = await follower(reachable);
    await node.follow();
    reachable.set(urlOf('a'), first(two));
    await expect(node.follow()).rejects.toThrow('log at fault');
    const [alarm] = node.alarms();
    expect(alarm?.evidence.kind).toBe('two-checkpoints');
    expect(alarm && provesFork(alarm.evidence, { origin: ORIGIN, policy })).toBe(true);
    expect(
      alarm && provesFork(alarm.evidence, { origin: ORIGIN, policy: { ...policy, witnesses: [] } }),
    ).toBe(false);
  });

  it('stops for good when a longer log of the quorum does not begin with its own', async () => {
    const [one, two] = [await validators([1, 2]), await validators([1, 3, 4, 5])];
    for (const network of [one, two]) exchange(network);
    const reachable: Reachable = new Map([[urlOf('a'), first(one)]]);
    const node = await follower(reachable);
    await node.follow();
    const before = hashOf(node);
    reachable.set(urlOf('a'), first(two));
    await expect(node.follow()).rejects.toThrow('log at fault');
    const [alarm] = node.alarms();
    expect(alarm?.evidence.kind).toBe('inconsistent');
    expect(alarm && provesFork(alarm.evidence, { origin: ORIGIN, policy })).toBe(true);
    expect(hashOf(node)).toBe(before);
  });

  it('is not opened without anybody to believe', async () => {
    const reachable: Reachable = new Map();
    await expect(follower(reachable, { policy: undefined })).rejects.toThrow('needs its policy');
    const other = { ...policy, origin: 'ledger.example/other' };
    await expect(follower(reachable, { policy: other })).rejects.toThrow('needs its policy');
  });
});
