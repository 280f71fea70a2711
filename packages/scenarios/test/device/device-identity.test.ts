import { createEventLines } from '@attestel/registry';
import { beforeAll, expect, it } from 'vitest';
import { DEVICE_MODULES } from '../../src/device/index.ts';
import { refOfObject } from '../../src/host/ledger-view.ts';
import type { Module } from '../../src/module/module.ts';
import {
  CHANNEL,
  did,
  fakeCredentials,
  get,
  type Node,
  openWorld,
  run,
  settleAll,
  type World,
} from '../host/world.ts';

const module = 'device.item@1';
const DEVICE = 'did:mno:test:2222222222222222';

let world: World;
let nodes: Node[];

beforeAll(async () => {
  world = await openWorld();
  const [unit, , group] = world.organisations.map((one) => one.did);
  const held = [
    {
      ...{ type: 'ProvinceUnit', subject: unit ?? '', issuer: group ?? '' },
      claims: { province: 'GD', group: group ?? '' },
    },
  ];
  const options = {
    modules: DEVICE_MODULES as unknown as readonly Module[],
    credentials: fakeCredentials(held),
  };
  nodes = [await world.node(0, options), await world.node(1, options), await world.node(2, options)];
});

it('the identity of a device ends with the device, at whoever has it then', async () => {
  const [from, to, group] = nodes as [Node, Node, Node];
  const settle = () => settleAll(nodes);
  const facts = {
    ...{
      vendor: 'V1',
      serial: 'S-1',
      type: 'T01',
      batch: 'B1',
      model: 'M1',
      level: 'device',
      province: 'GD',
    },
    ...{ city: 'GD-A', site: 'GD-001', place: null, group: did(group), tagKey: null, did: DEVICE },
  };
  const { id } = await run(from, 'register', { facts }, { module });
  await settle();
  const handed = await run(from, 'transfer', { to: did(to) }, { id, module });
  await settle();
  await run(to, 'receive', {}, { id, module });
  await settle();
  const lines = createEventLines(world.consortium.ledger);
  const { payload } = await to.host.payload({ line: handed.line, reader: { actor: did(to) } });
  const ref = refOfObject('host.credential', payload.issued[0]?.id ?? '');
  expect(lines.head(CHANNEL, ref)?.count).toBe(1);
  await run(to, 'retire', {}, { id, module });
  await settle();
  expect(lines.head(CHANNEL, ref)?.count).toBe(2);
  expect(await get(group, id, { module })).toMatchObject({
    ...{ lines: 4, checked: true, disputedBy: null, state: { status: 'retired' } },
  });
});
