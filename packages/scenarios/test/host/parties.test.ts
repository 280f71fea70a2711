import { canonicalizeJson, type JsonValue } from '@attestel/core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Module } from '../../src/module/module.ts';
import { toyModule } from './toy-module.ts';
import { CHANNEL, did, get, type Node, openWorld, run, settleAll, type World } from './world.ts';

let world: World;
let a: Node;
let b: Node;
let c: Node;

const settle = (): Promise<void> => settleAll([a, b, c]);

beforeAll(async () => {
  world = await openWorld();
  [a, b, c] = [await world.node(0), await world.node(1), await world.node(2)];
});

describe('parties of an object', () => {
  it('get the payloads, check them and come to the same state; others get nothing', async () => {
    const { id } = await run(a, 'register', { serial: 'P-1', with: [did(b)] });
    await settle();
    await run(b, 'note', { text: 'from b' }, { id });
    await settle();
    const [one, two] = [await get(a, id), await get(b, id)];
    expect(two).toEqual(one);
    expect(two).toMatchObject({ lines: 2, checked: true, behind: false });
    await expect(get(c, id)).rejects.toMatchObject({ code: 'not_found' });
    expect(a.host.outbox()).toEqual([]);
    for (const node of [a, b, c]) expect(node.host.verify().faults).toEqual([]);
  });

  it('get what was before them when they join', async () => {
    const { id } = await run(a, 'register', { serial: 'P-2' });
    await run(a, 'note', { text: 'early' }, { id });
    await run(a, 'invite', { with: [did(c)] }, { id });
    await settle();
    expect(await get(c, id)).toEqual(await get(a, id));
    expect((await get(c, id)).checked).toBe(true);
  });

  it('see a stale head refused with the present one', async () => {
    const begun = await run(a, 'register', { serial: 'P-3', with: [did(b)] });
    const next = await run(a, 'note', { text: 'x' }, { id: begun.id });
    await expect(run(a, 'note', { text: 'y' }, { id: begun.id, head: begun.line })).rejects.toMatchObject({
      code: 'head_conflict',
      extra: { head: next.line },
    });
  });

  it('who act at the same time on one object: one of them is refused', async () => {
    const { id } = await run(a, 'register', { serial: 'P-4', with: [did(b)] });
    await settle();
    const both = await Promise.allSettled([
      run(a, 'note', { text: '1' }, { id }),
      run(b, 'note', { text: '2' }, { id }),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    await settle();
    expect(await get(a, id)).toEqual(await get(b, id));
  });

  it('cannot register one serial number twice, nor take a slot that is taken', async () => {
    const mine = await run(a, 'register', { serial: 'P-5' });
    await expect(run(b, 'register', { serial: 'P-5' })).rejects.toMatchObject({ code: 'already_exists' });
    const other = await run(b, 'register', { serial: 'P-6' });
    await run(a, 'book', { slot: 'monday' }, { id: mine.id });
    await expect(run(b, 'book', { slot: 'monday' }, { id: other.id })).rejects.toMatchObject({
      code: 'conflict',
    });
    await run(a, 'free', { slot: 'monday' }, { id: mine.id });
    await expect(run(b, 'book', { slot: 'monday' }, { id: other.id })).resolves.toBeDefined();
  });

  it('check commands on several objects and on what they read', async () => {
    const one = await run(a, 'register', { serial: 'P-7', with: [did(b)] });
    const two = await run(a, 'register', { serial: 'P-8', with: [did(b)] });
    const secret = await run(a, 'register', { serial: 'P-9' });
    await run(a, 'join', { other: two.id }, { id: one.id });
    await run(a, 'quote', { other: two.id }, { id: one.id });
    await settle();
    expect(await get(b, one.id)).toEqual(await get(a, one.id));
    expect((await get(b, one.id)).checked).toBe(true);
    await run(a, 'quote', { other: secret.id }, { id: two.id });
    await settle();
    expect(await get(b, two.id)).toMatchObject({ checked: false, behind: false });
  });

  it('move objects all or none', async () => {
    const one = await run(a, 'register', { serial: 'P-10' });
    const missing = 'f'.repeat(32);
    await expect(run(a, 'join', { other: missing }, { id: one.id })).rejects.toMatchObject({
      code: 'not_found',
    });
    expect(await get(a, one.id)).toMatchObject({ lines: 1 });
  });

  it('keep waiting for who is away, and after a restart', async () => {
    world.unreachable.add(did(b));
    const { id } = await run(a, 'register', { serial: 'P-11', with: [did(b)] });
    await a.host.idle();
    expect(a.host.outbox()).toMatchObject([{ to: did(b), kind: 'payload', attempts: 1 }]);
    await a.reopen();
    world.unreachable.delete(did(b));
    await settle();
    expect(a.host.outbox()).toEqual([]);
    expect(await get(b, id)).toMatchObject({ lines: 1 });
  });
});

describe('a party whose check differs', () => {
  it('disputes the line visibly, and does not follow', async () => {
    const unlike = await openWorld();
    const x = await unlike.node(0);
    const strict = toyModule() as unknown as { commands: { note: { allow(): boolean } } };
    strict.commands.note.allow = () => false;
    const judge = await unlike.node(1, { modules: [strict as unknown as Module] });
    const begun = await run(x, 'register', { serial: 'D-2', with: [did(judge)] });
    await run(x, 'note', { text: 'not yours' }, { id: begun.id });
    await settleAll([x, judge]);
    expect(await get(judge, begun.id)).toMatchObject({ lines: 1, behind: true, disputedBy: did(judge) });
    expect(await get(x, begun.id)).toMatchObject({ lines: 2, disputedBy: did(judge) });
    expect(judge.host.disputes()).toMatchObject([
      { reasons: ['refused:permission_denied'], status: 'raised' },
    ]);
    await expect(run(x, 'note', { text: 'more' }, { id: begun.id })).rejects.toMatchObject({
      code: 'disputed',
    });
  });

  it('can let it stand: the next line, signed by both, ends the dispute', async () => {
    const unlike = await openWorld();
    const strict = toyModule() as unknown as { commands: { note: { allow(): boolean } } };
    strict.commands.note.allow = () => false;
    const [x, judge] = [
      await unlike.node(0),
      await unlike.node(1, { modules: [strict as unknown as Module] }),
    ];
    const { id } = await run(x, 'register', { serial: 'D-3', with: [did(judge)] });
    const { line } = await run(x, 'note', { text: 'not yours' }, { id });
    await settleAll([x, judge]);
    await expect(judge.host.accept('0'.repeat(64))).rejects.toMatchObject({ code: 'not_found' });
    await judge.host.accept(line);
    expect(await get(judge, id)).toMatchObject({ lines: 2, checked: false, behind: false });
    await run(x, 'measure', { items: [{ v: 1 }] }, { id });
    await settleAll([x, judge]);
    expect(await get(judge, id)).toMatchObject({ lines: 3, behind: false, disputedBy: null });
    expect((await get(judge, id)).state).toEqual((await get(x, id)).state);
  });
});

describe('parcels', () => {
  it('that the line does not commit to, or that name unknown fields, are refused', async () => {
    const { id, line } = await run(a, 'register', { serial: 'P-20' });
    const { payload } = (await a.host.payload({ line, reader: { actor: did(a) } })) as {
      payload: JsonValue;
    };
    const kept = { payload, salt: '0'.repeat(64) };
    const parcel = { kind: 'payload', channel: CHANNEL, line, kept } as unknown as JsonValue;
    await expect(b.host.receive(did(a), parcel)).rejects.toMatchObject({ code: 'digest_mismatch' });
    const more = { ...(parcel as object), more: 1 } as unknown as JsonValue;
    await expect(b.host.receive(did(a), more)).rejects.toMatchObject({ code: 'invalid_argument' });
    const early = { ...(parcel as object), line: 'a'.repeat(64) } as unknown as JsonValue;
    await expect(b.host.receive(did(a), early)).rejects.toMatchObject({ code: 'line_unknown', status: 503 });
    await expect(get(b, id)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('leave nothing of the inputs on the ledger [C3]', async () => {
    await run(a, 'register', { serial: 'needle-4711', with: [did(b)] });
    const { ledger } = world.consortium;
    const log = Buffer.concat(Array.from(ledger.entries(0, 10_000), ({ bytes }) => Buffer.from(bytes)));
    expect(log.includes('needle')).toBe(false);
    const states = ['event', 'channel'].map((name) => Array.from(ledger.state(name).list('')));
    const text = JSON.stringify(states, (_, value) =>
      value instanceof Uint8Array ? Buffer.from(value).toString() : value,
    );
    expect(text.includes('needle')).toBe(false);
    expect(canonicalizeJson(['needle'])).toContain('needle');
  });
});
