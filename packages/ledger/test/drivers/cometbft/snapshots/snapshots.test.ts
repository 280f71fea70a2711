import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMemoryStore, type Store, silentLogger } from '@attestel/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Snapshots } from '../../../../src/drivers/cometbft/snapshots/snapshots.ts';
import { type CometLedger, openLmdbStore } from '../../../../src/index.ts';
import { Restore } from '../../../../src/snapshots/restore.ts';
import { SnapshotFolder } from '../../../../src/snapshots/snapshot-folder.ts';
import { openFakeNetwork } from '../../../fixtures/comet-network.ts';
import {
  addition,
  BOB,
  filledStore,
  NETWORK,
  ORIGIN,
  recordingLogger,
} from '../../../fixtures/open-test-ledger.ts';
import { ed25519Signer } from '../../../fixtures/signers.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'comet-snapshots-'));
});
afterEach(() => rm(folder, { recursive: true }));

const heightsOf = async ({ methods }: Snapshots): Promise<readonly number[]> =>
  (await methods.listSnapshots({} as never)).snapshots?.map(({ height }) => Number(height)) ?? [];

describe('snapshots of a node', () => {
  const made = async (name: string, everyBlocks: number): Promise<readonly number[]> => {
    const offer = { folder: join(folder, name), everyBlocks };
    const nodeKey = ed25519Signer(name).publicKey;
    const [network, origin, checkAttachment] = [NETWORK, ORIGIN, () => {}];
    const options = { store: await filledStore(1), logger: silentLogger, network, origin, checkAttachment };
    const snapshots = new Snapshots({ ...options, offer, nodeKey, async onRestored() {} });
    for (let height = 1; height <= 3 * everyBlocks; height++) snapshots.onCommit(height);
    return heightsOf(snapshots);
  };

  it('are made once in so many blocks, at other ones than those of other members', async () => {
    const all = await Promise.all(['a', 'b', 'c', 'd'].map((name) => made(name, 1000)));
    for (const heights of all) {
      expect(heights).toHaveLength(3);
      expect(new Set(heights.map((height) => height % 1000)).size).toBe(1);
    }
    expect(new Set(all.flat()).size).toBe(12);
    expect(await made('a', 1000)).toEqual(all[0]);
  });
});

describe('a snapshot made beside the ledger', () => {
  const store = (): Promise<Store> => openLmdbStore({ path: join(folder, 'ledger') });
  const snapshots = () => ({
    folder: join(folder, 'snapshots'),
    everyBlocks: 1,
    storePath: join(folder, 'ledger'),
  });

  it('is whole at one height, while blocks go on', async () => {
    const own = await store();
    const logger = recordingLogger();
    const network = await openFakeNetwork(1, { store: own, snapshots: snapshots(), logger });
    const [ledger] = network.ledgers as [CometLedger];
    network.engine.run();
    for (let sequence = 0; !logger.events.includes('snapshot_made'); sequence++) {
      await ledger.submit([await addition(BOB, sequence, { body: { amount: 0 } })]);
    }
    await network.close();
    await own.close();
    const kept = new SnapshotFolder(snapshots().folder);
    const [{ height, chunks } = { height: 0, chunks: 0 }] = kept.list();
    expect(height).toBeGreaterThan(0);
    const appHash = network.engine.blocks[height - 1]?.appHash.slice(0, 64) ?? '';
    const restored = createMemoryStore();
    const options = { network: NETWORK, origin: ORIGIN, checkAttachment() {}, extra() {} };
    const restore = new Restore({ ...options, store: restored, appHash: Buffer.from(appHash, 'hex') });
    for (let i = 0; i < chunks; i++) await restore.apply((await kept.chunk(height, i)) as Uint8Array);
    await restore.finish();
  });

  it('that fails stops nothing', async () => {
    const logger = recordingLogger();
    const missing = { ...snapshots(), storePath: join(folder, 'nothing') };
    const network = await openFakeNetwork(1, { snapshots: missing, logger });
    const [ledger] = network.ledgers as [CometLedger];
    network.engine.run();
    for (let sequence = 0; !logger.events.includes('snapshot_failed'); sequence++) {
      const [result] = await ledger.submit([await addition(BOB, sequence, { body: { amount: 0 } })]);
      expect(result?.ok).toBe(true);
    }
    await network.close();
  });
});
