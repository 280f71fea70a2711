import { describe, expect, it } from 'vitest';
import { deviceTemplate } from '../../src/device/modules/device-template.ts';
import { deviceType } from '../../src/device/modules/device-type.ts';
import type { Module } from '../../src/module/module.ts';
import { createAuthenticatedWorld } from '../endpoints/endpoint-world.ts';
import { CHANNEL, did, type Node, settleAll } from './world.ts';

const TYPE = deviceType as unknown as Module;
const BODY = {
  ...{ code: 'BS', name: { 'zh-CN': '宏基站', en: 'Macro base station' }, category: 'base-station' },
  ...{ level: 'device', slots: [] },
};

const open = async () => {
  const { world, nodes } = await createAuthenticatedWorld({ scenarios: [TYPE], shared: [TYPE] });
  return { world, nodes };
};

const give = (by: Node, to: Node, more: object = {}) =>
  by.host.run({
    ...{ channel: CHANNEL, module: 'host.credential@1', command: 'issue', actor: did(by) },
    data: { type: 'GroupUnit', subject: did(to), claims: { name: 'Zhonglian Mobile' }, ...more },
  });
const publish = (by: Node, code = 'BS') =>
  by.host.run({
    ...{ channel: CHANNEL, module: 'device.type@1', command: 'publish', actor: did(by) },
    data: { body: { ...BODY, code } },
  });

describe('a shared command whose rules look at a credential [C12]', () => {
  it('is taken from whoever shows the line that gave it, and refused to others by every node', async () => {
    const { world, nodes } = await open();
    const [a, b] = nodes;
    await expect(publish(b)).rejects.toMatchObject({ code: 'permission_denied' });
    await give(a, b);
    await settleAll(nodes);
    const done = await publish(b);
    expect(
      await a.host.get({ channel: CHANNEL, module: 'device.type@1', id: done.id, reader: { actor: did(a) } }),
    ).toMatchObject({ head: done.line, state: { versions: [{ body: { code: 'BS' } }] } });
    await expect(publish(a, 'BBU')).rejects.toMatchObject({ code: 'permission_denied' });
    expect(await world.consortium.verify()).toMatchObject({ ok: true });
  });

  it('finds the one that fits among as many as a party has, and shows no other', async () => {
    const template = deviceTemplate as unknown as Module;
    const { nodes } = await createAuthenticatedWorld({ scenarios: [template], shared: [template] });
    const [a, b] = nodes;
    for (let i = 0; i < 12; i += 1)
      await give(a, b, { type: 'ProvinceUnit', claims: { province: `P${i}`, group: did(a) } });
    await settleAll(nodes);
    const body = { province: 'P11', type: 'BS', form: [], intervalDays: 30, thresholds: [] };
    const done = await b.host.run({
      ...{ channel: CHANNEL, module: 'device.template@1', command: 'publish', actor: did(b) },
      data: { body },
    });
    const { committed } = await a.host.payload({ line: done.line, reader: { actor: did(a) } });
    expect(committed?.credentials).toHaveLength(1);
    const proof = { channel: CHANNEL, module: 'device.template@1', id: done.id, reader: { actor: did(a) } };
    await expect(a.host.evidence(proof)).rejects.toMatchObject({ code: 'not_shared' });
  });

  it('is refused from the line on that ends the credential', async () => {
    const { nodes } = await open();
    const [a, b] = nodes;
    const given = await give(a, b);
    await settleAll(nodes);
    await publish(b);
    await a.host.run({
      ...{ channel: CHANNEL, module: 'host.credential@1', command: 'revoke', actor: did(a), id: given.id },
      data: { reason: 'reorganised' },
    });
    await expect(publish(b, 'BBU')).rejects.toMatchObject({ code: 'permission_denied' });
  });
});
