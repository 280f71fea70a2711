import { encodeCbor, fromBase64url, type JsonValue, toBase64url } from '@attestel/core';
import { decodeOperation } from '@attestel/ledger';
import { createEventLines } from '@attestel/registry';
import { beforeAll, describe, expect, it } from 'vitest';
import { organisation } from '../../../registry/test/consortium.ts';
import { ALWAYS } from '../../../registry/test/fake-channels.ts';
import { credentialModule } from '../../src/host/credentials/credential-module.ts';
import { refOfObject } from '../../src/host/ledger-view.ts';
import type { Module } from '../../src/module/module.ts';
import { CHANNEL, did, get, MODULE, type Node, openWorld, run, settleAll, type World } from './world.ts';

let world: World;
let a: Node;
let b: Node;
let c: Node;

const settle = (): Promise<void> => settleAll([a, b, c]);

beforeAll(async () => {
  world = await openWorld();
  [a, b, c] = [await world.node(0), await world.node(1), await world.node(2)];
});

describe('objects of several movers', () => {
  it('take in a third one by the signatures of two, which the other gives if it agrees', async () => {
    const { id } = await run(a, 'register', { serial: 'M-1', with: [did(b)] });
    await settle();
    await run(a, 'invite', { with: [did(c)] }, { id });
    await settle();
    await run(c, 'note', { text: 'c is in' }, { id });
    await settle();
    expect(await get(a, id)).toEqual(await get(c, id));
    expect((await get(b, id)).state).toMatchObject({ texts: ['c is in'] });
  });

  it('do not by a line whose rule leaves out more than the payload says', async () => {
    const { id, line } = await run(a, 'register', { serial: 'M-3', with: [did(b)] });
    await settle();
    world.tamper = (parcel) => {
      if (parcel.kind !== 'cosign') return parcel;
      const operation = decodeOperation(fromBase64url(parcel.operation as string));
      const [head] = operation.payload.body.heads as unknown as [{ rule: { dids: string[] } }];
      const rule = { ...head.rule, dids: [did(a)], resolution: 1 };
      const body = { ...operation.payload.body, heads: [{ ...head, rule }] };
      const payload = encodeCbor({ ...operation.payload, body } as never);
      const signatures = operation.signatures.map(({ key, signature }) => [key, signature]);
      const changed = encodeCbor([payload, signatures, null]);
      return { ...parcel, operation: toBase64url(changed) };
    };
    await expect(run(a, 'invite', { with: [did(c)] }, { id })).rejects.toMatchObject({
      code: 'cosignature_missing',
    });
    expect(world.refused).toContain('permission_denied');
    world.tamper = undefined;
    expect(await get(b, id)).toMatchObject({ head: line });
  });

  it('do not without the other', async () => {
    const { id } = await run(a, 'register', { serial: 'M-2', with: [did(b)] });
    await settle();
    world.unreachable.add(did(b));
    await expect(run(a, 'invite', { with: [did(c)] }, { id })).rejects.toMatchObject({
      code: 'cosignature_missing',
    });
    world.unreachable.delete(did(b));
    expect(await get(a, id)).toMatchObject({ lines: 1 });
  });
});

describe('a credential that an event gives', () => {
  it('lives by one line of its own and dies by a second, in the lines of the event', async () => {
    const modules = [credentialModule([]) as unknown as Module];
    const there = await openWorld();
    const [x, y] = [await there.node(0, { modules }), await there.node(1, { modules })];
    const module = 'host.credential@1';
    const claims = { principal: did(x), modules: ['test.toy'] };
    const data = { type: 'Agent', subject: did(y), claims } as unknown as JsonValue;
    const begun = await run(x, 'issue', data, { module });
    await settleAll([x, y]);
    const { payload } = await y.host.payload({ line: begun.line, reader: { actor: did(y) } });
    const ref = refOfObject('host.credential', payload.issued[0]?.id ?? '');
    const lines = createEventLines(there.consortium.ledger);
    expect(lines.head(CHANNEL, ref)?.count).toBe(1);
    await run(x, 'revoke', {}, { id: begun.id, module });
    await settleAll([x, y]);
    expect(lines.head(CHANNEL, ref)?.count).toBe(2);
    const view = await get(y, begun.id, { module });
    expect(view).toMatchObject({ lines: 2, checked: true, disputedBy: null, state: { status: 'revoked' } });
  });
});

describe('what concerns every member of a channel', () => {
  it('reaches all of them, and whoever joins later', async () => {
    const there = await openWorld();
    const [x, y] = [await there.node(0), await there.node(1)];
    const late = await organisation('host-late');
    await there.consortium.send(late.create);
    const { id } = await run(x, 'register', { serial: 'ALL-1' });
    await run(x, 'publish', { text: 'to all' }, { id });
    await settleAll([x, y]);
    expect((await get(x, id)).state).toEqual(
      (await y.host.get({ channel: CHANNEL, module: MODULE, id, reader: { actor: did(x) } })).state,
    );
    const z = await there.node(late);
    const members = [{ did: late.did, role: 'writer', validity: ALWAYS }];
    const body = { channel: CHANNEL, members };
    await there.consortium.govern('channel', 'members.set', body, there.organisations, CHANNEL);
    await settleAll([x, y, z]);
    const seen = await z.host.get({ channel: CHANNEL, module: MODULE, id, reader: { actor: did(x) } });
    expect(seen).toMatchObject({ lines: 2, checked: true, state: { texts: ['to all'] } });
    expect(z.host.feed(0, 10)).toHaveLength(2);
    expect(z.host.feed(1, 10)).toMatchObject([{ number: 2, channel: CHANNEL }]);
  });
});
