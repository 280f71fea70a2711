import { decodeCbor, encodeCbor, type JsonValue } from '@attestel/core';
import { createEventLines } from '@attestel/registry';
import { describe, expect, it } from 'vitest';
import { verifyItem } from '../../src/host/payload/batch-items.ts';
import { CHANNEL, did, get, MODULE, openWorld, run } from './world.ts';

const hex = (text: string): Uint8Array => Buffer.from(text, 'hex');

describe('what a party keeps', () => {
  it('folds to equal states from lines and payloads alone [C1]', async () => {
    const world = await openWorld();
    const a = await world.node(0);
    const { id } = await run(a, 'register', { serial: 'V-1' });
    for (const text of ['x', 'y', 'z']) await run(a, 'note', { text }, { id });
    expect(a.host.verify()).toEqual({ payloads: 4, erased: 0, objects: 1, faults: [] });
    await a.reopen();
    expect((await get(a, id)).state).toMatchObject({ texts: ['x', 'y', 'z'] });
    expect(await world.consortium.verify()).toMatchObject({ ok: true });
  });

  it('tampered with is found, and named by its place in the log [C2]', async () => {
    const world = await openWorld();
    const a = await world.node(0);
    const begun = await run(a, 'register', { serial: 'V-2' });
    const noted = await run(a, 'note', { text: 'true' }, { id: begun.id });
    const table = 'contract.payload';
    const flip = async (line: string): Promise<void> => {
      const record = decodeCbor(a.store.get(table, hex(line)) as Uint8Array) as { sealed: Uint8Array };
      record.sealed[40] = (record.sealed[40] as number) ^ 1;
      await a.store.transact((writer) => writer.put(table, hex(line), encodeCbor(record as never)));
    };
    await flip(noted.line);
    expect(a.host.verify().faults).toContainEqual({
      line: noted.line,
      index: noted.index,
      what: 'unreadable',
    });
    await flip(noted.line);
    expect(a.host.verify().faults).toEqual([]);
    // Two payloads in each other's place.
    const [one, two] = [begun.line, noted.line].map((line) => a.store.get(table, hex(line)) as Uint8Array);
    await a.store.transact((writer) => {
      writer.put(table, hex(begun.line), two as Uint8Array);
      writer.put(table, hex(noted.line), one as Uint8Array);
    });
    const found = a.host.verify().faults.filter(({ what }) => what === 'unreadable');
    expect(found.map(({ index }) => index)).toEqual([begun.index, noted.index, noted.index]);
  });

  it('shows an object as it was at any time', async () => {
    const world = await openWorld();
    const a = await world.node(0);
    const begun = await run(a, 'register', { serial: 'V-3' });
    await run(a, 'note', { text: 'now' }, { id: begun.id });
    expect((await get(a, begun.id, { at: begun.time })).state).toMatchObject({ serial: 'V-3' });
    await expect(get(a, begun.id, { at: begun.time - 1 })).rejects.toMatchObject({ code: 'not_found' });
    const query = { channel: CHANNEL, module: MODULE, query: 'serials', args: {}, reader: { actor: did(a) } };
    expect(await a.host.query(query)).toEqual(['V-3']);
    expect(await a.host.query({ ...query, at: begun.time - 1 })).toEqual([]);
  });

  it('is shown to those alone whom the module shows it to', async () => {
    const world = await openWorld();
    const a = await world.node(0);
    const { id, line } = await run(a, 'register', { serial: 'V-4' });
    const reader = { actor: did(await world.node(1)) };
    const request = { channel: CHANNEL, module: MODULE, reader };
    await expect(a.host.get({ ...request, id })).rejects.toMatchObject({ code: 'permission_denied' });
    await expect(a.host.history({ ...request, id })).rejects.toMatchObject({ code: 'permission_denied' });
    await expect(a.host.payload({ line, reader })).rejects.toMatchObject({ code: 'permission_denied' });
    expect(await a.host.query({ ...request, query: 'serials', args: {} })).toEqual([]);
    await expect(a.host.query({ ...request, query: 'none', args: {} })).rejects.toMatchObject({
      code: 'query_unknown',
    });
    await expect(a.host.query({ ...request, query: 'serials', args: { x: 1 } })).rejects.toMatchObject({
      code: 'invalid_argument',
      field: '/x',
    });
  });
});

describe('a batch', () => {
  it('stands in the line as one root; each item is proved without the others', async () => {
    const world = await openWorld();
    const [a, b] = [await world.node(0), await world.node(1)];
    const { id } = await run(a, 'register', { serial: 'B-1', with: [did(b)] });
    const items = Array.from({ length: 20 }, (_, v) => ({ v }));
    const { line } = await run(a, 'measure', { items }, { id });
    for (const node of [a, b]) await node.settle();
    expect(await get(b, id)).toMatchObject({ checked: true, state: { sum: 190 } });
    const kept = await b.host.payload({ line, reader: { actor: did(b) } });
    expect(kept.payload).toMatchObject({ data: {}, batch: { size: 20 } });
    const onLedger = createEventLines(world.consortium.ledger).line(CHANNEL, hex(line));
    const batch = onLedger?.batch as NonNullable<typeof onLedger>['batch'] & object;
    const proof = await b.host.proveItem({ line, index: 7, reader: { actor: did(b) } });
    expect(proof.item).toEqual({ v: 7 });
    expect(() => verifyItem(batch, proof)).not.toThrow();
    const lies: Partial<typeof proof>[] = [
      { item: { v: 8 } as JsonValue },
      { index: 8 },
      { salt: '0'.repeat(64) },
    ];
    for (const lie of lies) expect(() => verifyItem(batch, { ...proof, ...lie })).toThrow();
    await expect(b.host.proveItem({ line, index: 20, reader: { actor: did(b) } })).rejects.toMatchObject({
      code: 'not_found',
    });
  });
});
