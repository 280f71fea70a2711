import { createMemoryStore, type Store, utf8 } from '@attestel/core';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  buildOperation,
  exportEntries,
  importLedger,
  type Operation,
  storedEntries,
  supplyAttachment,
  verifyLedger,
  verifyLedgerEntries,
} from '../../src/index.ts';
import { ANN, actors, addition, openTestLedger, rules, trust } from '../fixtures/open-test-ledger.ts';

const attachment = utf8('a note');
let source: Store;
let noted: Operation;
let plain: Operation;
beforeEach(async () => {
  source = createMemoryStore();
  const { payload } = await addition(ANN, 0, { kind: 'note' });
  noted = await buildOperation(payload, [actors[ANN] as never], attachment);
  plain = await addition(ANN, 1);
  const ledger = await openTestLedger({ store: source });
  await ledger.submit([noted, plain]);
  await ledger.close();
});

/** The same ledger from a source that left the attachments out. */
async function importStripped() {
  const store = createMemoryStore();
  const entries = [...storedEntries(source)].map(({ attachment: _, ...entry }) => entry);
  const lines: string[] = [];
  for await (const line of exportEntries(trust, entries)) lines.push(line);
  return { store, imported: await importLedger({ ...trust, store, lines }) };
}
const { modules } = rules;

describe('attachments that are missing', () => {
  it('are counted, by import and verification', async () => {
    const { store, imported } = await importStripped();
    expect(imported).toMatchObject({ ok: true, attachmentsMissing: 1 });
    expect(await verifyLedger({ ...trust, store })).toMatchObject({ ok: true, attachmentsMissing: 1 });
    const entries = [...storedEntries(source)];
    expect(await verifyLedgerEntries({ ...trust, entries })).toMatchObject({ attachmentsMissing: 0 });
  });

  it('can be supplied later, also while the ledger is open', async () => {
    const { store } = await importStripped();
    const ledger = await openTestLedger({ store });
    await supplyAttachment({ modules, store, operationId: noted.id, attachment });
    expect(ledger.attachment(noted.id)).toEqual(attachment);
    await ledger.close();
    expect(await verifyLedger({ ...trust, store })).toMatchObject({ ok: true, attachmentsMissing: 0 });
  });

  it('are taken only when the operation is in the log and its module takes them', async () => {
    const { store } = await importStripped();
    const strict = modules.map((module) => ({
      ...module,
      checkAttachment: (operation: Operation) => {
        if (operation.attachment?.length !== attachment.length) throw new TypeError('does not open');
      },
    }));
    const supply = (change: object) =>
      supplyAttachment({ modules: strict, store, operationId: noted.id, attachment, ...change });
    await expect(supply({ operationId: new Uint8Array(32) })).rejects.toMatchObject({
      code: 'operation_unknown',
    });
    await expect(supply({ attachment: utf8('another note') })).rejects.toMatchObject({
      code: 'module_failed',
    });
    await expect(supply({ attachment: new Uint8Array(900_000) })).rejects.toMatchObject({
      code: 'operation_too_large',
    });
    const without = modules.map(({ checkAttachment: _, ...module }) => module);
    await expect(supply({ modules: without })).rejects.toMatchObject({ code: 'attachment_unwanted' });
    expect(await verifyLedger({ ...trust, store })).toMatchObject({ attachmentsMissing: 1 });
    await supply({});
  });
});
