import type { PartyAuthenticator } from '@attestel/did';
import { expect, it } from 'vitest';
import { partyRoutes } from '../../src/endpoints/party.endpoint.ts';
import type { Module } from '../../src/module/module.ts';
import { callRoutes } from '../harness/call-routes.ts';
import { toyModule } from '../host/toy-module.ts';
import { did, get, openWorld, run, settleAll } from '../host/world.ts';

/** A token is the DID that shows it. */
const authenticate: PartyAuthenticator = async ({ headers }) => ({
  did: String(headers.authorization).replace('Bearer ', ''),
});

it('a party is told of what it disputes and why, and may let it stand; nobody else is', async () => {
  const world = await openWorld();
  const x = await world.node(0);
  const strict = toyModule() as unknown as { commands: { note: { allow(): boolean } } };
  strict.commands.note.allow = () => false;
  const judge = await world.node(1, { modules: [strict as unknown as Module] });
  const party = did(judge);
  const call = callRoutes(partyRoutes({ host: judge.host, party, authenticate }));
  const { id } = await run(x, 'register', { serial: 'E-1', with: [party] });
  const { line } = await run(x, 'note', { text: 'not yours' }, { id });
  await settleAll([x, judge]);
  for (const path of ['GET /v1/disputes', `POST /v1/disputes/${line}/accept`, 'GET /v1/deliveries'])
    expect(await call(path, { token: did(x) })).toMatchObject({ status: 403 });
  const dispute = {
    line,
    channel: 'gd',
    object: id,
    status: 'raised',
    reasons: ['refused:permission_denied'],
  };
  expect((await call('GET /v1/disputes', { token: party })).body).toEqual({ disputes: [dispute] });
  // It says so to whoever wants to go on, too: nothing is missing.
  await expect(run(judge, 'invite', { with: [] }, { id })).rejects.toMatchObject({ code: 'disputed' });
  const accept = (one: string) => call(`POST /v1/disputes/${one}/accept`, { token: party });
  expect(await accept('x')).toMatchObject({ status: 400, body: { field: '/line' } });
  expect(await accept('0'.repeat(64))).toMatchObject({ status: 404 });
  expect(await accept(line)).toMatchObject({ status: 200, body: { line, status: 'accepted' } });
  expect(await get(judge, id)).toMatchObject({ lines: 2, state: { texts: ['not yours'] } });
});

it('and of what has not reached others', async () => {
  const world = await openWorld();
  const [a, b] = [await world.node(0), await world.node(1)];
  world.unreachable.add(did(b));
  const { line } = await run(a, 'register', { serial: 'E-2', with: [did(b)] });
  await a.host.idle();
  const call = callRoutes(partyRoutes({ host: a.host, party: did(a), authenticate }));
  expect((await call('GET /v1/deliveries', { token: did(a) })).body).toMatchObject({
    deliveries: [{ to: did(b), kind: 'payload', line, attempts: 1, lastError: expect.any(String) }],
  });
});
