import { createMemoryStore, type Store, toBase64url } from '@attestel/core';
import { describe, expect, it } from 'vitest';
import {
  exportEntries,
  importLedger,
  type LogEntry,
  networkOf,
  readExport,
  storedEntries,
  verifyLedger,
  verifyLedgerEntries,
} from '../../src/index.ts';
import {
  ANN,
  addition,
  filledStore,
  NETWORK,
  ORIGIN,
  openTestLedger,
  trust,
} from '../fixtures/open-test-ledger.ts';

const header = { network: NETWORK, origin: ORIGIN };
const exported = async (store: Store): Promise<string[]> => {
  const lines: string[] = [];
  for await (const line of exportEntries(header, storedEntries(store))) lines.push(line);
  return lines;
};
const change = (line: string, values: object): string =>
  `${JSON.stringify({ ...JSON.parse(line), ...values })}\n`;

describe('exporting and importing', () => {
  it('writes a header and one JSON line per entry', async () => {
    const lines = await exported(await filledStore(1));
    expect(lines.every((line) => line.endsWith('\n') && !line.slice(0, -1).includes('\n'))).toBe(true);
    expect(lines).toHaveLength(1 + 4);
    expect(JSON.parse(lines[0] as string)).toEqual({ format: 'attestel-ledger-export/1', ...header });
    expect(Object.keys(JSON.parse(lines[1] as string))).toEqual(['index', 'entry', 'hash']);
    expect(Object.keys(JSON.parse(lines[4] as string))).toEqual(['index', 'entry', 'hash', 'checkpoint']);
  });

  it('tells the network of an operation, and of nothing else', async () => {
    const [first, , , block] = storedEntries(await filledStore(1));
    expect(networkOf(first as LogEntry)).toBe(NETWORK);
    for (const bytes of [block?.bytes ?? new Uint8Array(), Uint8Array.of(0xff)]) {
      expect(() => networkOf({ index: 3, bytes })).toThrow(/^entries\/3: /);
    }
  });

  it('verifies from the file alone', async () => {
    const { entries } = await readExport(await exported(await filledStore()));
    expect(await verifyLedgerEntries({ ...trust, entries })).toMatchObject({ ok: true, height: 4, size: 16 });
  });

  it('imports into an empty store a ledger that is the same and goes on', async () => {
    const source = await filledStore();
    const store = createMemoryStore();
    await importLedger({ ...trust, store, lines: await exported(source) });
    expect(await verifyLedger({ ...trust, store })).toMatchObject({ ok: true });
    const ledger = await openTestLedger({ store });
    expect(ledger.head()).toEqual((await openTestLedger({ store: source })).head());
    expect((await ledger.submit([await addition(ANN, 4)]))[0]).toMatchObject({ ok: true, height: 5 });
  });

  it('names the first changed entry and keeps the blocks before it', async () => {
    const lines = await exported(await filledStore());
    const other = JSON.parse(lines[2] as string).entry;
    const forged = lines.map((line, i) => (i === 7 ? change(line, { entry: other }) : line));
    const store = createMemoryStore();
    await expect(importLedger({ ...trust, store, lines: forged })).rejects.toMatchObject({
      code: 'log_invalid',
      kind: 'proof-failed',
      extra: { index: 6, reason: 'entry_changed' },
    });
    expect(await verifyLedger({ ...trust, store })).toMatchObject({ ok: true, height: 1 });
  });

  it('names swapped lines', async () => {
    const lines = await exported(await filledStore());
    const [first, a, b, ...rest] = lines as [string, string, string, ...string[]];
    const { entries } = await readExport([first, b, a, ...rest]);
    expect(await verifyLedgerEntries({ ...trust, entries })).toMatchObject({
      index: 0,
      reason: 'entry_missing',
    });
  });

  it('does not import without the checkpoint of each block', async () => {
    const lines = (await exported(await filledStore())).map((line) =>
      change(line, { checkpoint: undefined }),
    );
    await expect(importLedger({ ...trust, store: createMemoryStore(), lines })).rejects.toMatchObject({
      extra: { index: 3, reason: 'checkpoint_missing' },
    });
  });

  it('imports only into an empty store, and only the ledger it is told', async () => {
    const lines = await exported(await filledStore());
    const mismatch = { code: 'store_mismatch' };
    await expect(importLedger({ ...trust, store: await filledStore(1), lines })).rejects.toMatchObject(
      mismatch,
    );
    const empty = { ...trust, store: createMemoryStore() };
    await expect(importLedger({ ...empty, network: 'x', lines })).rejects.toMatchObject(mismatch);
    await expect(importLedger({ ...empty, origin: 'x', lines })).rejects.toMatchObject(mismatch);
  });

  it.each([
    ['an empty file', []],
    ['no JSON', ['{']],
    ['a list', ['[]']],
    ['null', ['null']],
    ['another format', [JSON.stringify({ format: 'x', ...header })]],
    [
      'an unknown member in the header',
      [JSON.stringify({ format: 'attestel-ledger-export/1', ...header, a: 1 })],
    ],
  ])('refuses %s as export', async (_, lines) => {
    await expect(readExport(lines)).rejects.toMatchObject({ code: 'export_invalid', field: 'line 1' });
  });

  it.each([
    ['a negative index', { index: -1 }],
    ['an index as text', { index: '0' }],
    ['no entry', { entry: undefined }],
    ['padded base64', { entry: 'AA==' }],
    ['an attachment that is no text', { attachment: 1 }],
    ['a checkpoint that is no text', { checkpoint: 1 }],
    ['an unknown member', { more: 1 }],
  ])('refuses a line with %s', async (_, values) => {
    const start = JSON.stringify({ format: 'attestel-ledger-export/1', ...header });
    const line = JSON.stringify({ index: 0, entry: toBase64url(Uint8Array.of(1)), ...values });
    const { entries } = await readExport([start, line]);
    await expect(verifyLedgerEntries({ ...trust, entries })).rejects.toMatchObject({
      code: 'export_invalid',
    });
  });

  it('refuses a line longer than any entry', async () => {
    const start = JSON.stringify({ format: 'attestel-ledger-export/1', ...header });
    const { entries } = await readExport([start, `{"entry":"${'A'.repeat(3_000_001)}"}`]);
    await expect(verifyLedgerEntries({ ...trust, entries })).rejects.toMatchObject({
      code: 'export_invalid',
    });
  });
});
