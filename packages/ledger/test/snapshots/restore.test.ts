import {
  type Bytes,
  createMemoryStore,
  decodeCbor,
  encodeCbor,
  fromUtf8,
  isAppError,
  type Signer,
  type Store,
  toHex,
} from '@attestel/core';
import { describe, expect, it } from 'vitest';
import { openExecutor } from '../../src/executor/open-executor.ts';
import { buildOperation, type Ledger } from '../../src/index.ts';
import { readCometRecord, writeCometRecord } from '../../src/log/comet-record.ts';
import { decodeChunk, WINDOW_MS } from '../../src/snapshots/format.ts';
import { clearUnfinished, Restore } from '../../src/snapshots/restore.ts';
import { snapshotChunks } from '../../src/snapshots/take-snapshot.ts';
import { TABLES } from '../../src/tables.ts';
import {
  ANN,
  actors,
  addition,
  BOB,
  manualClock,
  NETWORK,
  ORIGIN,
  openTestLedger,
  rules,
} from '../fixtures/open-test-ledger.ts';

const HEIGHT = 77;

/** A ledger of several blocks; the last ones a whole window after the first. */
async function sourceLedger(): Promise<{ ledger: Ledger; store: Store; clock: { ms: number } }> {
  const store = createMemoryStore();
  const clock = manualClock();
  const ledger = await openTestLedger({ store, clock });
  await ledger.submit([await addition(ANN, 0), await addition(BOB, 0)]);
  clock.ms += 60_000;
  await ledger.submit([await addition(ANN, 1)]);
  clock.ms += 60_000;
  const { payload } = await addition(ANN, 2, { kind: 'note' });
  await ledger.submit([await buildOperation(payload, [actors[ANN] as Signer], Uint8Array.of(1, 2, 3))]);
  clock.ms += 60_000;
  await ledger.submit([await addition(ANN, 3)]);
  clock.ms += WINDOW_MS;
  const notAfter = Math.floor(clock.ms / 1000) + 60;
  await ledger.submit([await addition(ANN, 4, { notAfter })]);
  return { ledger, store, clock };
}

async function restoreInto(store: Store, chunks: readonly Bytes[], appHash: Bytes): Promise<void> {
  const { book, executor } = await openExecutor({ ...rules, origin: ORIGIN, store });
  const restore = new Restore({
    store,
    network: NETWORK,
    origin: ORIGIN,
    appHash,
    extra: (writer) => writeCometRecord(writer, { height: HEIGHT, appHash }),
    checkAttachment: (operation) => executor.admit(operation),
    lookups: book.lookups,
  });
  for (const chunk of chunks) await restore.apply(chunk);
  await restore.finish();
}

describe('a snapshot', () => {
  it('makes a ledger with the same head, state, proofs and next block', async () => {
    const source = await sourceLedger();
    const copy = createMemoryStore();
    const head = source.ledger.head();
    await restoreInto(copy, [...snapshotChunks(source.store)], head.appHash);
    const { executor } = await openExecutor({ ...rules, origin: ORIGIN, store: copy });
    expect(toHex(executor.head.appHash)).toBe(toHex(head.appHash));
    expect(executor.head).toMatchObject({ height: head.height, size: head.size, time: head.time });
    expect(readCometRecord(copy)).toEqual({ height: HEIGHT, appHash: head.appHash });

    const restored = await openExecutor({ ...rules, origin: ORIGIN, store: copy });
    const original = await openExecutor({ ...rules, origin: ORIGIN, store: source.store });
    const timeMs = source.clock.ms + 5000;
    const notAfter = Math.floor(timeMs / 1000) + 60;
    const operations = [
      await addition(BOB, 1, { notAfter }),
      // Came already, and is still valid: refused by both, for the same reason.
      await addition(ANN, 4, { notAfter: Math.floor(source.clock.ms / 1000) + 60 }),
    ];
    const [a, b] = [restored, original].map((one) => one.executor.execute({ timeMs, operations }));
    expect(toHex(a?.appHash as Bytes)).toBe(toHex(b?.appHash as Bytes));
    expect(a?.outcomes.map((outcome) => ('error' in outcome ? outcome.error.code : 'taken'))).toEqual(
      b?.outcomes.map((outcome) => ('error' in outcome ? outcome.error.code : 'taken')),
    );
  });

  it('leaves out entries that nobody needs any more, and keeps genesis, attachments and the window', async () => {
    const { store, ledger } = await sourceLedger();
    const copy = createMemoryStore();
    await restoreInto(copy, [...snapshotChunks(store)], ledger.head().appHash);
    const indices = (one: Store) => Array.from(one.range(TABLES.entries), ([key]) => key.at(-1));
    expect(indices(store)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    // 0-2 block 1; 5 the note; 8 ends the last block before the window; 9-10 the window.
    expect(indices(copy)).toEqual([0, 1, 2, 5, 8, 9, 10]);
    expect(Array.from(copy.range(TABLES.attachments), ([, value]) => [...value])).toEqual([[1, 2, 3]]);
  });

  it('can be passed on by a node that came by one', async () => {
    const { store, ledger } = await sourceLedger();
    const chunks = [...snapshotChunks(store)];
    const copy = createMemoryStore();
    await restoreInto(copy, chunks, ledger.head().appHash);
    expect([...snapshotChunks(copy)].map(toHex)).toEqual(chunks.map(toHex));
  });

  type Items = unknown[];
  const changed = (chunk: Bytes, change: (content: Items) => void): Bytes => {
    const [section, content] = decodeCbor(chunk) as unknown as [string, Items];
    const items = Array.isArray(content) ? [...content] : content;
    change(items);
    return encodeCbor([section, items] as never);
  };
  /** Rows of the kind that lookups find. */
  const isLast = (pair: unknown): boolean =>
    fromUtf8((pair as [Bytes, Bytes])[0]).startsWith('counter\0last/');
  const lies: readonly (readonly [string, (chunks: Bytes[]) => void])[] = [
    [
      'another value',
      (chunks) => {
        chunks[2] = changed(chunks[2] as Bytes, (pairs) => {
          pairs[0] = [(pairs[0] as Bytes[])[0], encodeCbor(999)];
        });
      },
    ],
    [
      'a key less',
      (chunks) => {
        chunks[2] = changed(chunks[2] as Bytes, (pairs) => void pairs.pop());
      },
    ],
    [
      'state out of order',
      (chunks) => {
        chunks[2] = changed(chunks[2] as Bytes, (pairs) => void pairs.reverse());
      },
    ],
    [
      'an entry that is not in the log',
      (chunks) => {
        chunks[1] = changed(chunks[1] as Bytes, (entries) => {
          entries[0] = [0, (entries[1] as [number, Bytes, null])[1], null];
        });
      },
    ],
    [
      'an entry of the window less',
      (chunks) => {
        chunks[1] = changed(chunks[1] as Bytes, (entries) => void entries.splice(-2, 1));
      },
    ],
    [
      'no entries of block 1',
      (chunks) => {
        chunks[1] = changed(chunks[1] as Bytes, (entries) => void entries.splice(0, 1));
      },
    ],
    [
      'no last entry',
      (chunks) => {
        chunks[1] = changed(chunks[1] as Bytes, (entries) => void entries.pop());
      },
    ],
    [
      'another attachment',
      (chunks) => {
        chunks[1] = changed(chunks[1] as Bytes, (entries) => {
          const [index, leaf] = entries[0] as [number, Bytes];
          entries[0] = [index, leaf, Uint8Array.of(9)]; // of an operation that takes none
        });
      },
    ],
    [
      'two rows that would be found by the same',
      (chunks) => {
        chunks[2] = changed(chunks[2] as Bytes, (pairs) => {
          const [first, second] = pairs.filter(isLast) as [Bytes[], Bytes[]];
          pairs[pairs.indexOf(second)] = [second[0], first[1]];
        });
      },
    ],
    [
      'a row that its module did not write',
      (chunks) => {
        chunks[2] = changed(chunks[2] as Bytes, (pairs) => {
          const at = pairs.findIndex(isLast);
          pairs[at] = [(pairs[at] as Bytes[])[0], encodeCbor(null)];
        });
      },
    ],
    ['sections out of order', (chunks) => void chunks.reverse()],
    [
      'bytes that are no chunk',
      (chunks) => {
        chunks[0] = Uint8Array.of(0xff);
      },
    ],
    ['no state', (chunks) => void chunks.pop()],
  ];
  for (const [what, lie] of lies) {
    it(`with ${what} makes no ledger, and the store can take a true one after that`, async () => {
      const { store, ledger } = await sourceLedger();
      const { appHash } = ledger.head();
      const chunks = [...snapshotChunks(store)];
      expect(chunks.map((chunk) => decodeChunk(chunk).section)).toEqual(['log', 'entries', 'state']);
      const lied = [...chunks];
      lie(lied);
      const copy = createMemoryStore();
      await expect(restoreInto(copy, lied, appHash)).rejects.toSatisfy(isAppError);
      expect(copy.get(TABLES.meta, new TextEncoder().encode('head'))).toBeUndefined();
      await clearUnfinished(copy);
      await restoreInto(copy, chunks, appHash);
    });
  }

  it('is not cleared away once it is a ledger', async () => {
    const { store } = await sourceLedger();
    await clearUnfinished(store);
    expect([...snapshotChunks(store)]).toHaveLength(3);
  });
});
