import { expect, it } from 'vitest';
import { CHANNEL, did, MODULE, openWorld, run } from './world.ts';

it('an audit comes to its end where objects have read each other', async () => {
  const world = await openWorld();
  const node = await world.node(0);
  const register = async (serial: string) => (await run(node, 'register', { serial })).id;
  const [one, other] = [await register('SN-1'), await register('SN-2')];
  await run(node, 'quote', { other }, { id: one });
  await run(node, 'quote', { other: one }, { id: other });
  await run(node, 'quote', { other }, { id: one });
  const audit = await node.host.audit({ channel: CHANNEL, module: MODULE, reader: { actor: did(node) } });
  // Each is decided again on what the other was then, and not on itself by way of the other.
  expect(audit).toMatchObject({ result: 'ok', objects: 2, findings: [], unchecked: [] });
});
