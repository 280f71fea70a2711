import { createMemoryStore, decodeCbor, encodeCbor, type Store, utf8 } from '@attestel/core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  exportEntries,
  importLedger,
  type LedgerVerification,
  type LogEntry,
  operationId,
  storedEntries,
  verifyLedger,
  verifyLedgerEntries,
} from '../../src/index.ts';
import { blockLeaf, decodeLeaf } from '../../src/log/leaf.ts';
import { TABLES, u64 } from '../../src/tables.ts';
import { filledStore, openTestLedger, trust } from '../fixtures/open-test-ledger.ts';
import { ed25519Signer } from '../fixtures/signers.ts';

const flip = (bytes: Uint8Array, at: number): Uint8Array =>
  bytes.map((byte, i) => (i === at ? byte ^ 0x01 : byte));
const bad = (verification: LedgerVerification): unknown =>
  verification.ok ? 'verified' : { index: verification.index, reason: verification.reason };

describe('verifying the ledger of a store', () => {
  let store: Store;
  let entries: readonly LogEntry[];
  const restore = async (): Promise<void> => {
    store = await filledStore();
    entries = [...storedEntries(store)];
  };
  beforeAll(restore);
  /** Verifies with some records changed, then puts them back. */
  async function verifyChanged(
    changes: readonly [string, Uint8Array, Uint8Array | undefined][],
  ): Promise<unknown> {
    const before = changes.map(([table, key]) => [table, key, store.get(table, key)] as const);
    const write = (all: readonly (readonly [string, Uint8Array, Uint8Array | undefined])[]) =>
      store.transact((writer) => {
        for (const [table, key, value] of all) {
          if (value) writer.put(table, key, value);
          else writer.delete(table, key);
        }
      });
    await write(changes);
    const verification = await verifyLedger({ ...trust, store });
    await write(before);
    return bad(verification);
  }
  const entryAt = (index: number): LogEntry => entries[index] as LogEntry;

  it('gives height, time, size and root of a sound ledger', async () => {
    const ledger = await openTestLedger({ store });
    const { height, time, size, root } = ledger.head();
    expect(await verifyLedger({ ...trust, store })).toEqual({
      ok: true,
      height,
      time,
      size,
      root,
      attachmentsMissing: 0,
    });
  });

  it('verifies an empty store', async () => {
    expect(await verifyLedger({ ...trust, store: await filledStore(0) })).toMatchObject({
      ok: true,
      size: 0,
    });
  });

  it('names the entry of which any byte is flipped', async () => {
    for (const { index, bytes } of entries) {
      for (let at = 0; at < bytes.length; at += 23) {
        const found = await verifyChanged([[TABLES.entries, u64(index), flip(bytes, at)]]);
        expect([at, found]).toEqual([at, expect.objectContaining({ index })]);
      }
    }
  }, 120_000);

  it('names the first of two entries that are swapped, in one block or across blocks', async () => {
    for (const [a, b] of [
      [0, 1],
      [1, 2],
      [0, 4],
      [5, 9],
      [2, 3],
      [3, 7],
    ] as const) {
      const found = await verifyChanged([
        [TABLES.entries, u64(a), entryAt(b).bytes],
        [TABLES.entries, u64(b), entryAt(a).bytes],
      ]);
      expect(found).toMatchObject({ index: a });
    }
  });

  it('names a missing entry, in the middle or at the end', async () => {
    expect(await verifyChanged([[TABLES.entries, u64(5), undefined]])).toEqual({
      index: 5,
      reason: 'entry_missing',
    });
    const last = entries.length - 1;
    expect(await verifyChanged([[TABLES.entries, u64(last), undefined]])).toMatchObject({
      reason: 'block_open',
    });
    const block = [12, 13, 14, 15].map(
      (i) => [TABLES.entries, u64(i), undefined] as [string, Uint8Array, undefined],
    );
    expect(await verifyChanged(block)).toEqual({ index: 12, reason: 'entry_missing' });
  });

  it('names an operation that was taken in although the rules refuse it', async () => {
    expect(await verifyChanged([[TABLES.entries, u64(4), entryAt(0).bytes]])).toMatchObject({ index: 4 });
  });

  it('finds a checkpoint that is missing, forged or of another key', async () => {
    const record = store.get(TABLES.blocks, u64(2)) as Uint8Array;
    const block = decodeCbor(record) as { checkpoint: string };
    const forged = encodeCbor({ ...block, checkpoint: block.checkpoint.replace('\n8\n', '\n9\n') });
    expect(await verifyChanged([[TABLES.blocks, u64(2), forged]])).toEqual({
      index: 7,
      reason: 'checkpoint_invalid',
    });
    const swapped = store.get(TABLES.blocks, u64(1)) as Uint8Array;
    const old = encodeCbor({ ...block, checkpoint: (decodeCbor(swapped) as typeof block).checkpoint });
    expect(await verifyChanged([[TABLES.blocks, u64(2), old]])).toEqual({
      index: 7,
      reason: 'root_mismatch',
    });
    const other = { ...trust, checkpointKey: ed25519Signer('stranger').publicKey };
    expect(bad(await verifyLedger({ ...other, store }))).toEqual({ index: 3, reason: 'checkpoint_invalid' });
  });

  it('names the block whose state root is not what its operations make', async () => {
    const forged = entries.map((entry) => {
      const leaf = decodeLeaf(entry.bytes);
      if (leaf.kind !== 'block' || leaf.block.height !== 2) return { index: entry.index, bytes: entry.bytes };
      return { index: entry.index, bytes: blockLeaf({ ...leaf.block, state: new Uint8Array(32).fill(1) }) };
    });
    expect(bad(await verifyLedgerEntries({ ...trust, entries: forged }))).toEqual({
      index: 7,
      reason: 'state_mismatch',
    });
  });

  it('finds a trie, nodes of the log, an index of checkpoints or lookups that the log does not make', async () => {
    const mismatch = { index: entries.length, reason: 'state_mismatch' };
    for (const table of [TABLES.trie, TABLES.nodes, TABLES.checkpoints, TABLES.lookups]) {
      const [first] = [...store.range(table)];
      const [key, value] = first as readonly [Uint8Array, Uint8Array];
      expect(await verifyChanged([[table, key, flip(value, value.length - 1)]])).toEqual(mismatch);
      expect(await verifyChanged([[table, key, undefined]])).toEqual(mismatch);
      expect(await verifyChanged([[table, key, value.slice(0, 5)]])).toEqual(mismatch);
    }
  });

  it('finds state that the log does not make: changed, added or removed', async () => {
    const [first] = [...store.range(TABLES.state)];
    const [key, value] = first as readonly [Uint8Array, Uint8Array];
    const mismatch = { index: entries.length, reason: 'state_mismatch' };
    expect(await verifyChanged([[TABLES.state, key, flip(value, 0)]])).toEqual(mismatch);
    expect(await verifyChanged([[TABLES.state, key, undefined]])).toEqual(mismatch);
    expect(await verifyChanged([[TABLES.state, utf8('counter\0zzz'), value]])).toEqual(mismatch);
  });

  it('finds a head that is not that of the log', async () => {
    const head = decodeCbor(store.get(TABLES.meta, utf8('head')) as Uint8Array) as { height: number };
    const changed = encodeCbor({ ...head, height: head.height + 1 });
    expect(await verifyChanged([[TABLES.meta, utf8('head'), changed]])).toMatchObject({
      reason: 'head_mismatch',
    });
    expect(await verifyChanged([[TABLES.meta, utf8('head'), undefined]])).toMatchObject({
      reason: 'head_mismatch',
    });
  });

  it('refuses the log under another network or without a module', async () => {
    expect(bad(await verifyLedger({ ...trust, network: 'other', store }))).toMatchObject({ index: 0 });
    expect(bad(await verifyLedger({ ...trust, modules: [], store }))).toMatchObject({ index: 0 });
  });
});

describe('verifying which ledger it is', () => {
  const idsOf = (entries: readonly LogEntry[]): Uint8Array[] =>
    entries.slice(0, 3).map(({ bytes }) => operationId((decodeCbor(bytes) as [string, Uint8Array])[1]));
  const verifyWith = async (change: (ids: Uint8Array[]) => Uint8Array[], blocks = 2) => {
    const store = await filledStore(blocks);
    const entries = [...storedEntries(store)];
    const genesis = change(idsOf(entries.length > 0 ? entries : [...storedEntries(await filledStore(1))]));
    const pinned = { ...trust, genesis };
    const lines: string[] = [];
    for await (const line of exportEntries(trust, entries)) lines.push(line);
    const target = createMemoryStore();
    const imported = await importLedger({ ...pinned, store: target, lines }).catch((e) => e.extra);
    return {
      all: [
        await verifyLedger({ ...pinned, store }),
        await verifyLedgerEntries({ ...pinned, entries }),
        imported,
      ],
      written: [...target.range(TABLES.entries)].length,
    };
  };

  it('takes a log whose first block holds exactly the operations expected', async () => {
    const { all } = await verifyWith((ids) => ids);
    expect(all).toEqual([0, 1, 2].map(() => expect.objectContaining({ ok: true })));
  });

  it.each([
    ['another operation', 1, (ids: Uint8Array[]) => ids.with(1, new Uint8Array(32))],
    ['another order', 0, (ids: Uint8Array[]) => [...ids].reverse()],
    ['one more', 2, (ids: Uint8Array[]) => ids.slice(0, 2)],
    ['one less', 3, (ids: Uint8Array[]) => [...ids, new Uint8Array(32)]],
  ])('refuses a log that began with %s, whatever key signed it', async (_, index, change) => {
    const { all, written } = await verifyWith(change);
    const fault = expect.objectContaining({ index, reason: 'genesis_mismatch' });
    expect(all).toEqual([fault, fault, fault]);
    expect(written).toBe(0);
  });

  it('refuses an empty log where a genesis is expected', async () => {
    const { all } = await verifyWith((ids) => ids, 0);
    const fault = expect.objectContaining({ index: 0, reason: 'genesis_mismatch' });
    expect(all).toEqual([fault, fault, fault]);
  });
});

describe('verifying entries without a store', () => {
  const bare = async (): Promise<{ entries: LogEntry[]; checkpoint: string }> => {
    const ledger = await openTestLedger({ store: await filledStore() });
    return { entries: [...ledger.entries(0, 100)], checkpoint: ledger.head().checkpoint };
  };

  it('needs only leaf bytes and one checkpoint', async () => {
    const { entries, checkpoint } = await bare();
    expect(await verifyLedgerEntries({ ...trust, entries, checkpoint })).toMatchObject({
      ok: true,
      height: 4,
    });
  });

  it('does not call a log verified that no checkpoint covers to its end', async () => {
    const { entries } = await bare();
    expect(bad(await verifyLedgerEntries({ ...trust, entries }))).toMatchObject({
      reason: 'checkpoint_missing',
    });
    expect(await verifyLedgerEntries({ ...trust, entries: [] })).toMatchObject({ ok: true, size: 0 });
  });

  it('finds the swap of two independent operations by the root', async () => {
    const { entries, checkpoint } = await bare();
    const [a, b, ...rest] = entries as [LogEntry, LogEntry, ...LogEntry[]];
    const swapped = [{ ...b, index: 0 }, { ...a, index: 1 }, ...rest];
    const found = await verifyLedgerEntries({ ...trust, entries: swapped, checkpoint });
    expect(bad(found)).toMatchObject({ reason: 'root_mismatch' });
  });

  it('refuses a log shorter or longer than its checkpoint', async () => {
    const { entries, checkpoint } = await bare();
    const shorter = await verifyLedgerEntries({ ...trust, entries: entries.slice(0, 8), checkpoint });
    expect(bad(shorter)).toMatchObject({ reason: 'root_mismatch' });
    const cut = await verifyLedgerEntries({ ...trust, entries: entries.slice(0, 9), checkpoint });
    expect(bad(cut)).toEqual({ index: 8, reason: 'block_open' });
  });

  it.each([
    ['height', { height: 9 }],
    ['size', { size: 1 }],
    ['time', { timeMs: 5 }],
    ['version', { sm: 2 }],
  ])('refuses a block whose %s does not follow', async (_, change) => {
    const { entries, checkpoint } = await bare();
    const at = 7;
    const changed = entries.map((entry) => {
      if (entry.index !== at) return entry;
      const [tag, block] = decodeCbor(entry.bytes) as [string, object];
      return { ...entry, bytes: encodeCbor([tag, { ...block, ...change }]) };
    });
    expect(bad(await verifyLedgerEntries({ ...trust, entries: changed, checkpoint }))).toEqual({
      index: at,
      reason: 'block_malformed',
    });
  });

  it.each([
    ['no CBOR', Uint8Array.of(0xff)],
    ['no list', encodeCbor({})],
    ['an unknown tag', encodeCbor(['x', new Uint8Array(3), []])],
    ['a block with more fields', encodeCbor(['block', { height: 1, timeMs: 1, size: 0, sm: 1, more: 1 }])],
    ['a block that is nothing', encodeCbor(['block', null])],
    ['an operation without signatures', encodeCbor(['op', new Uint8Array(3), []])],
  ])('refuses a leaf that is %s', async (_, bytes) => {
    const found = await verifyLedgerEntries({ ...trust, entries: [{ index: 0, bytes }] });
    expect(bad(found)).toEqual({ index: 0, reason: 'entry_malformed' });
  });
});
