import { AppError, type HttpRequest, type Route, utf8 } from '@attestel/core';
import { describe, expect, it } from 'vitest';
import { inspectionEndpoints } from '../../../src/node/inspection/inspection-endpoints.ts';

const MEMBER = 'did:mno:member';
const PHONE = 'did:mno:phone';
const INVITATION = {
  ...{ name: 'Li Ming', province: 'GD', city: null, until: 2_000_000_000 },
  shift: { from: '08:00', until: '18:00' },
};

/** Endpoints for a caller that is known already. */
function endpointsFor(caller: string): readonly Route[] {
  const inspector = { ...INVITATION, did: PHONE, credential: 'ab'.repeat(16) };
  return inspectionEndpoints({
    ...{
      member: MEMBER,
      channel: 'gd',
      devices: 10,
      origin: 'https://node.example',
      clock: { now: () => 0 },
    },
    authenticate: async () => ({ did: caller }),
    host: {
      get: async () => ({ state: { status: 'issued', until: null } }),
      query: async () => ({ devices: [] }),
    } as never,
    pairing: {
      invite: async () => ({ code: 'C'.repeat(22), expires: 900 }),
      begin: async () => Promise.reject(new AppError('never', { kind: 'internal', message: 'never' })),
      find: (did: string) => (did === PHONE ? inspector : undefined),
    } as never,
  });
}

const call = async (caller: string, path: string, body: unknown = {}, params = {}) => {
  const route = endpointsFor(caller).find((one) => one.path === path) as Route;
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return route.handle({ params, body: utf8(text) } as unknown as HttpRequest);
};

describe('endpoints of inspections', () => {
  it('invite for the member alone, with the code behind #', async () => {
    const answer = await call(MEMBER, '/v1/inspection/invites', INVITATION);
    const link = `https://node.example/inspect#pair=${'C'.repeat(22)}`;
    expect([answer.status, JSON.parse(String(answer.body))]).toEqual([201, { link, expires: 900 }]);
    for (const other of [PHONE, 'did:mno:stranger'])
      await expect(call(other, '/v1/inspection/invites', INVITATION)).rejects.toMatchObject({
        code: 'inspector_unknown',
      });
  });

  it.each([
    ['no JSON', '{', '/'],
    ['a name twice', '{"name":"a","name":"b"}', '/'],
    ['a property that nobody knows', { ...INVITATION, colour: 'red' }, '/'],
    ['no city', { ...INVITATION, city: undefined }, '/city'],
    ['hours that are none', { ...INVITATION, shift: { from: '24:00', until: '08:00' } }, '/shift/from'],
  ])('refuse an invitation with %s', async (_, body, field) => {
    await expect(call(MEMBER, '/v1/inspection/invites', body)).rejects.toMatchObject({
      ...{ code: 'inspection_request_invalid', field },
    });
  });

  it.each([
    ['a code of another length', { code: 'short' }, '/code'],
    ['a key that is none', { key: 'z6nonsense' }, '/key'],
    ['a commitment of 31 bytes', { next: 'A'.repeat(42) }, '/next'],
    ['a commitment that is no base64url', { next: '='.repeat(43) }, '/next'],
  ])('refuse to begin with %s', async (_, change, field) => {
    const key = 'zDnaerDaTF5BXEavCrfRZEk316dpbLsfPDZ3WJ5hRTPFU2169';
    const body = { code: 'C'.repeat(22), key, control: key, next: 'A'.repeat(43), ...change };
    await expect(call('', '/v1/inspection/pairings', body)).rejects.toMatchObject({
      ...{ code: 'inspection_request_invalid', field },
    });
  });

  it('show a pack to phones of this member, without the names of objects that are the node’s own', async () => {
    const answer = JSON.parse(String((await call(PHONE, '/v1/inspection/pack')).body));
    expect(answer).toEqual({ inspector: { ...INVITATION, did: PHONE }, pack: { devices: [] } });
    await expect(async () => call('did:mno:stranger', '/v1/inspection/pack')).rejects.toMatchObject({
      code: 'inspector_unknown',
    });
  });

  it('know no record but by a whole id', async () => {
    for (const id of ['', 'AB'.repeat(16), '../pack'])
      await expect(call(PHONE, '/v1/inspection/records/:id', {}, { id })).rejects.toMatchObject({
        code: 'inspector_unknown',
      });
  });
});
