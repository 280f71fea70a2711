import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemRandom } from '@attestel/core';
import { openLmdbStore } from '@attestel/ledger';
import { describe, expect, it } from 'vitest';
import { openKept, readPayloadRecord } from '../../src/host/store/payload-records.ts';
import { createKeyDisk } from '../../src/host/vault/key-disk.ts';
import { openKeyFile } from '../../src/host/vault/open-key-file.ts';
import { did, get, openWorld, run, settleAll } from './world.ts';

const mac = async (message: Uint8Array): Promise<Uint8Array> => message.slice(-32);

describe('erasing a payload [C6]', () => {
  it('leaves a gap: 410 here, the chain verifies, the other party still has its copy', async () => {
    const world = await openWorld();
    const [a, b] = [await world.node(0), await world.node(1)];
    const { id } = await run(a, 'register', { serial: 'E-1', with: [did(b)] });
    const secret = await run(a, 'note', { text: 'secret' }, { id });
    await run(a, 'note', { text: 'later' }, { id });
    await settleAll([a, b]);
    const done = await a.host.erase({ line: secret.line, actor: did(a) });
    expect(done.heldBy).toEqual([did(b)]);
    expect(await a.host.erase({ line: secret.line, actor: did(a) })).toEqual(done);
    await expect(a.host.payload({ line: secret.line, reader: { actor: did(a) } })).rejects.toMatchObject({
      code: 'gone',
      status: 410,
      extra: { heldBy: did(b) },
    });
    expect((await get(a, id)).state).toMatchObject({ texts: ['(erased)', 'later'] });
    expect((await get(b, id)).state).toMatchObject({ texts: ['secret', 'later'] });
    for (const node of [a, b]) expect(node.host.verify().faults).toEqual([]);
    expect(a.host.verify().erased).toBe(1);
    expect(await world.consortium.verify()).toMatchObject({ ok: true });
    const request = { channel: 'gd', module: 'test.toy@1', id, reader: { actor: did(a) } };
    expect((await a.host.history(request)).map(({ payload }) => payload)).toEqual([
      'checked',
      'erased',
      'checked',
    ]);
    await run(b, 'note', { text: 'on' }, { id });
    await settleAll([a, b]);
    expect((await get(a, id)).state).toMatchObject({ texts: ['(erased)', 'later', 'on'] });
  });

  it('is for the party itself, and for payloads that it has', async () => {
    const world = await openWorld();
    const a = await world.node(0);
    const { line } = await run(a, 'register', { serial: 'E-2' });
    await expect(a.host.erase({ line, actor: 'did:mno:other' })).rejects.toMatchObject({
      code: 'permission_denied',
    });
    await expect(a.host.erase({ line: '0'.repeat(64), actor: did(a) })).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  it('reaches who joins later as a gap', async () => {
    const world = await openWorld();
    const [a, b] = [await world.node(0), await world.node(1)];
    const { id } = await run(a, 'register', { serial: 'E-3' });
    const secret = await run(a, 'note', { text: 'secret' }, { id });
    await a.host.erase({ line: secret.line, actor: did(a) });
    await run(a, 'invite', { with: [did(b)] }, { id });
    await settleAll([a, b]);
    expect((await get(b, id)).state).toEqual((await get(a, id)).state);
  });

  it('takes the keys out of the file: nothing on disk opens what was sealed', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'contract-host-'));
    const store = await openLmdbStore({ path: join(folder, 'store') });
    const disk = createKeyDisk(join(folder, 'keys'));
    const world = await openWorld();
    const a = await world.node(0, { store, disk, mac });
    // At once: one key of the channel for both.
    const [{ id, line }] = await Promise.all([
      run(a, 'register', { serial: 'needle-1' }),
      run(a, 'register', { serial: 'needle-0' }),
    ]);
    await expect(run(a, 'register', { serial: 'needle-0' })).rejects.toMatchObject({
      code: 'already_exists',
    });
    const { line: secret } = await run(a, 'note', { text: 'needle-2' }, { id });
    const sealed = readPayloadRecord(store, secret)?.sealed as Uint8Array;
    const state = Buffer.from(store.get('contract.object', Buffer.from(`gd|test.toy|${id}`)) as Uint8Array);
    await a.host.erase({ line: secret, actor: did(a) });
    await a.host.close();
    const vault = await openKeyFile({ disk, mac, random: systemRandom });
    expect(vault.has(`p/${line}`)).toBe(true);
    expect(vault.has(`p/${secret}`)).toBe(false);
    expect(() => openKept(vault, secret, sealed)).toThrow(TypeError);
    expect(
      Buffer.from(store.get('contract.object', Buffer.from(`gd|test.toy|${id}`)) as Uint8Array),
    ).not.toEqual(state);
    await store.close();
    for (const file of await readdir(folder, { recursive: true, withFileTypes: true })) {
      if (!file.isFile()) continue;
      const bytes = await readFile(join(file.parentPath, file.name));
      expect(bytes.includes('needle'), file.name).toBe(false);
    }
    await rm(folder, { recursive: true });
  });
});
