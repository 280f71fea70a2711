import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import {
  type Bytes,
  concatBytes,
  createMemoryStore,
  encodeCbor,
  type Store,
  silentLogger,
  toHex,
  utf8,
} from '@attestel/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  ResponseApplySnapshotChunk_Result as Applied,
  ResponseOfferSnapshot_Result as Offered,
} from '../../../../src/abci/generated/tendermint/abci/types_pb.ts';
import { Snapshots } from '../../../../src/drivers/cometbft/snapshots/snapshots.ts';
import { type CometLedger, openCometLedger, openLmdbStore } from '../../../../src/index.ts';
import { sha256 } from '../../../../src/sha256.ts';
import { Restore } from '../../../../src/snapshots/restore.ts';
import { SnapshotFolder } from '../../../../src/snapshots/snapshot-folder.ts';
import { snapshotChunks } from '../../../../src/snapshots/take-snapshot.ts';
import { lookupsOf } from '../../../../src/state/rules.ts';
import { TABLES } from '../../../../src/tables.ts';
import { connectAbci } from '../../../fixtures/abci-client.ts';
import { cometRules, genesisState, openFakeNetwork } from '../../../fixtures/comet-network.ts';
import {
  addition,
  BOB,
  filledStore,
  manualClock,
  NETWORK,
  ORIGIN,
  recordingLogger,
  START,
} from '../../../fixtures/open-test-ledger.ts';
import { ed25519Signer } from '../../../fixtures/signers.ts';

const { ACCEPT, REJECT, REJECT_FORMAT } = Offered;
const { REJECT_SNAPSHOT, RETRY } = Applied;

/** A node that has no ledger yet. */
const openUnfounded = (store: Store, socketPath: string): Promise<CometLedger> =>
  openCometLedger({
    ...cometRules,
    origin: ORIGIN,
    store,
    clock: manualClock(),
    logger: silentLogger,
    socketPath,
    engine: async () => ({ code: 0, log: '' }),
  });

const LEDGER = {
  network: NETWORK,
  origin: ORIGIN,
  checkAttachment() {},
  lookups: lookupsOf(cometRules.modules),
};

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
    const options = { ...LEDGER, store: await filledStore(1), logger: silentLogger };
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
    const options = { ...LEDGER, extra() {} };
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

describe('the folder of snapshots', () => {
  const kept = (): SnapshotFolder => new SnapshotFolder(folder);
  const chunk = Uint8Array.of(1);

  it('that a machine left damaged when it died is no reason not to start', async () => {
    const first = kept();
    for (const height of [1, 2, 3]) first.add(height, [chunk]);
    await rm(join(folder, '2', 'hashes'));
    await writeFile(join(folder, '3', 'hashes'), 'short');
    expect(
      kept()
        .list()
        .map(({ height }) => height),
    ).toEqual([1]);
    expect(await readdir(folder)).toEqual(['1']);
  });

  it('keeps nothing of a snapshot that could not be finished: its room may be what the ledger lacks', async () => {
    const full = function* (): Iterable<Uint8Array> {
      yield chunk;
      throw new Error('no space left on device');
    };
    expect(() => kept().add(7, full())).toThrow('no space');
    expect(await readdir(folder)).toEqual([]);
  });

  it('keeps nothing of what a process of its own was killed over', async () => {
    await mkdir(join(folder, 'snapshots', '5.new'), { recursive: true });
    const logger = recordingLogger();
    const offer = { folder: join(folder, 'snapshots'), everyBlocks: 1, storePath: join(folder, 'nothing') };
    const options = { ...LEDGER, store: createMemoryStore(), logger, offer };
    const snapshots = new Snapshots({ ...options, async onRestored() {} });
    await mkdir(join(folder, 'snapshots', '6.new'));
    snapshots.onCommit(6);
    while (!logger.events.includes('snapshot_failed')) await setTimeout(10);
    expect(await readdir(offer.folder)).toEqual([]);
  });
});

describe('a snapshot of a hostile peer', () => {
  const hostile: readonly (readonly [string, () => Promise<readonly Bytes[]>])[] = [
    [
      'state under a key that no store takes',
      async () => [encodeCbor(['state', [[new Uint8Array(501), chunk]]])],
    ],
    ['bytes that are no chunk', async () => [Uint8Array.of(0xff)]],
    [
      'a wrong state below a true log',
      async () => {
        const [log, entries] = [...snapshotChunks(await filledStore(1))] as [Bytes, Bytes];
        return [log, entries, encodeCbor(['state', [[utf8('counter\0x'), chunk]]])];
      },
    ],
    ['an entry beyond the log', async () => [encodeCbor(['entries', [[7, chunk, null]]])]],
    ['an unending level of lists', async () => [new Uint8Array(1_000_000).fill(0x81)]],
  ];
  const chunk = encodeCbor(1);
  const offered = async (snapshots: Snapshots, chunks: readonly Bytes[]) => {
    const metadata = concatBytes(...chunks.map(sha256));
    const snapshot = { height: 5n, format: 1, chunks: chunks.length, metadata, hash: sha256(metadata) };
    return (await snapshots.methods.offerSnapshot({ snapshot, appHash: new Uint8Array(32) } as never)).result;
  };
  const open = async () => {
    const store = createMemoryStore();
    const onRestored = async (): Promise<void> => {
      throw new Error('restored');
    };
    const options = { ...LEDGER, store, logger: silentLogger, onRestored };
    return { store, snapshots: new Snapshots(options) };
  };
  const rows = (store: Store): number =>
    Object.values(TABLES).reduce((sum, table) => sum + Array.from(store.range(table)).length, 0);

  for (const [what, make] of hostile) {
    it(`with ${what} is rejected, stops nothing and leaves nothing`, async () => {
      const { store, snapshots } = await open();
      const chunks = await make();
      expect(await offered(snapshots, chunks)).toBe(ACCEPT);
      let result: number | undefined = ACCEPT;
      for (const [index, bytes] of chunks.entries()) {
        const request = { index, chunk: bytes, sender: 'peer' };
        result = (await snapshots.methods.applySnapshotChunk(request as never)).result;
      }
      expect(result).toBe(REJECT_SNAPSHOT);
      expect(rows(store)).toBe(0);
    });
  }

  it('is asked for a chunk again, of another peer, when it is not the one that was offered', async () => {
    const { snapshots } = await open();
    expect(await offered(snapshots, [chunk, chunk])).toBe(ACCEPT);
    for (const bytes of [Uint8Array.of(2), new Uint8Array(), new Uint8Array(8_000_001)]) {
      const request = { index: 0, chunk: bytes, sender: 'liar' };
      expect(await snapshots.methods.applySnapshotChunk(request as never)).toMatchObject({
        result: RETRY,
        refetchChunks: [0],
        rejectSenders: ['liar'],
      });
    }
  });

  it('is not begun where its manifest does not fit', async () => {
    const { snapshots } = await open();
    const offer = async (change: object): Promise<unknown> => {
      const metadata = sha256(chunk);
      const snapshot = { height: 5n, format: 1, chunks: 1, metadata, hash: sha256(metadata), ...change };
      return (await snapshots.methods.offerSnapshot({ snapshot, appHash: new Uint8Array(32) } as never))
        .result;
    };
    for (const change of [
      { chunks: 0 },
      { chunks: 2 },
      { chunks: 0xffff_ffff },
      { hash: chunk },
      { metadata: chunk },
    ])
      expect(await offer(change)).toBe(REJECT);
    expect(await offer({ format: 2 })).toBe(REJECT_FORMAT);
  });

  it('that was broken off leaves nothing to a ledger that begins at its genesis after all', async () => {
    const store = createMemoryStore();
    const network = await openFakeNetwork(1, { store });
    const { appHash } = network.ledgers[0]?.head() ?? {};
    await network.close();
    const other = createMemoryStore();
    const joining = await openUnfounded(other, join(folder, 'app.sock'));
    const client = await connectAbci(join(folder, 'app.sock'));
    const [log, entries] = [...snapshotChunks(await filledStore(3))] as [Bytes, Bytes];
    const metadata = concatBytes(sha256(log), sha256(entries), sha256(chunk));
    const snapshot = { height: 5n, format: 1, chunks: 3, metadata, hash: sha256(metadata) };
    await client.ask({ case: 'offerSnapshot', value: { snapshot, appHash: new Uint8Array(32) } });
    for (const [index, bytes] of [log, entries].entries())
      await client.ask({ case: 'applySnapshotChunk', value: { index, chunk: bytes, sender: 'peer' } });
    expect(rows(other)).toBeGreaterThan(0);
    const appStateBytes = utf8(JSON.stringify(await genesisState()));
    const time = { seconds: BigInt(START), nanos: 0 };
    const founded = await client.ask({
      case: 'initChain',
      value: { chainId: 'fake', initialHeight: 1n, time, appStateBytes },
    });
    expect(toHex(founded.appHash)).toBe(toHex(appHash as Bytes));
    expect(rows(other)).toBe(rows(store));
    client.close();
    await joining.close();
  });
});
