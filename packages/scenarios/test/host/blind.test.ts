import { type JsonValue, toHex } from '@attestel/core';
import { createEventLines } from '@attestel/registry';
import { describe, expect, it } from 'vitest';
import { organisation } from '../../../registry/test/consortium.ts';
import { ALWAYS } from '../../../registry/test/fake-channels.ts';
import { openKept, readPayloadRecord } from '../../src/host/store/payload-records.ts';
import type { Module } from '../../src/module/module.ts';
import { toyModule } from './toy-module.ts';
import { CHANNEL, did, get, openWorld, run, settleAll } from './world.ts';

const modules = [toyModule({ blind: true })];

async function openBlind(second: readonly Module[] = modules) {
  const world = await openWorld();
  const common = await organisation('host-common');
  await world.consortium.send(common.create);
  const members = [{ did: common.did, role: 'writer', validity: ALWAYS }];
  const refused = await world.consortium.govern(
    'channel',
    'members.set',
    { channel: CHANNEL, members },
    world.organisations,
    CHANNEL,
  );
  if (refused) throw new Error(refused);
  const blindActor = () => ({ did: common.did, signer: common.signer });
  const [a, b] = [
    await world.node(0, { modules, blindActor }),
    await world.node(1, { modules: second, blindActor }),
  ];
  return { world, common, a, b };
}

describe('a blind module', () => {
  it('runs between two parties; its lines name neither them nor itself [C5]', async () => {
    const { world, common, a, b } = await openBlind();
    const { size } = world.consortium.ledger.head();
    const { id } = await run(a, 'register', { serial: 'X-1', with: [did(b)] });
    await settleAll([a, b]);
    const { line } = await run(b, 'note', { text: 'agreed' }, { id });
    await settleAll([a, b]);
    expect(await get(a, id)).toEqual(await get(b, id));
    expect(await get(a, id)).toMatchObject({ lines: 2, checked: true, disputedBy: null });
    const log = Array.from(world.consortium.ledger.entries(size, 1000), ({ bytes }) => Buffer.from(bytes));
    const secrets = [
      did(a),
      did(b),
      'test.toy',
      ...world.organisations.map(({ signer }) => signer.publicKey),
    ];
    for (const secret of secrets) expect(log.some((leaf) => leaf.includes(Buffer.from(secret)))).toBe(false);
    const onLedger = createEventLines(world.consortium.ledger).line(CHANNEL, Buffer.from(line, 'hex'));
    expect(onLedger).toMatchObject({ actor: common.did, moduleDigest: null });
    const request = { channel: CHANNEL, module: 'test.toy@1', id, reader: { actor: did(a) } };
    expect((await a.host.history(request)).map(({ party }) => party)).toEqual([did(a), did(b)]);
    for (const node of [a, b]) expect(node.host.verify().faults).toEqual([]);
  });

  it('still shows who wrote: a payload without the signature of the party it names is refused', async () => {
    const { world, a, b } = await openBlind();
    const { line } = await run(a, 'register', { serial: 'X-2', with: [did(b)] });
    await a.host.idle();
    const record = readPayloadRecord(a.store, line);
    const kept = openKept(a.vault(), line, record?.sealed as Uint8Array) as unknown as {
      proof: { signature: string };
    };
    const c = await world.node(2, { modules });
    const parcel = (change: object) =>
      ({ kind: 'payload', channel: CHANNEL, line, kept: { ...kept, ...change } }) as unknown as JsonValue;
    const wrong = { ...kept.proof, signature: '0'.repeat(128) };
    for (const change of [{ proof: wrong }, { proof: undefined }]) {
      const text = JSON.parse(JSON.stringify(parcel(change))) as JsonValue;
      await expect(c.host.receive(did(a), text)).rejects.toMatchObject({
        code: 'digest_mismatch',
        field: '/proof',
      });
    }
    await expect(c.host.receive(did(a), parcel({}))).resolves.toBeUndefined();
  });

  it('is disputed without a name too', async () => {
    const strict = toyModule({ blind: true }) as unknown as { commands: { note: { allow(): boolean } } };
    strict.commands.note.allow = () => false;
    const { common, a, b } = await openBlind([strict as unknown as Module]);
    const { id } = await run(a, 'register', { serial: 'X-3', with: [did(b)] });
    await run(a, 'note', { text: 'no' }, { id });
    await settleAll([a, b]);
    expect(await get(a, id)).toMatchObject({ disputedBy: common.did });
    expect(b.host.disputes()).toMatchObject([{ reasons: ['refused:permission_denied'], status: 'raised' }]);
  });

  it('does not run openly where the common key is missing', async () => {
    const world = await openWorld();
    const a = await world.node(0, { modules });
    const { size } = world.consortium.ledger.head();
    await expect(run(a, 'register', { serial: 'X-4' })).rejects.toMatchObject({ code: 'blind_unavailable' });
    expect(world.consortium.ledger.head().size).toBe(size);
    expect(toHex(world.consortium.ledger.head().root)).toHaveLength(64);
  });
});
