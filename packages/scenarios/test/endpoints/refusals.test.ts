import { describe, expect, test } from 'vitest';
import { settleAll } from '../host/world.ts';
import { createAuthenticatedWorld } from './endpoint-world.ts';

const TOY = '/v1/contracts/test.toy@1/gd';

describe('a contract call', () => {
  test.each([
    ['a DID of nobody', 'did:mno:nobody'],
    ['no member of the channel', 'stranger'],
  ])('names no party that is %s', async (_, who) => {
    const w = await createAuthenticatedWorld();
    const { size } = w.world.consortium.ledger.head();
    const party = who === 'stranger' ? w.dids.stranger : who;
    const refused = await w.call(`POST ${TOY}/register`, {
      token: w.tokens.a,
      body: { serial: 'SN-1', with: [w.dids.b, party] },
    });
    expect(refused).toMatchObject({
      status: 400,
      body: { code: 'party_unknown', field: '/with/1', party, channel: 'gd' },
    });
    expect(w.world.consortium.ledger.head().size).toBe(size);
    expect(w.nodes[0].host.outbox()).toEqual([]);
  });

  test.each(['{"serial":"S\\ud800"}', '{"serial":"S","\\udc00":1}'])(
    'takes no half characters: %s',
    async (text) => {
      const w = await createAuthenticatedWorld();
      expect(await w.call(`POST ${TOY}/register`, { token: w.tokens.a, text })).toMatchObject({
        status: 400,
        body: { code: 'invalid_argument', rule: 'json' },
      });
    },
  );

  test('answers 201 for what it begins, also under an id that the caller chose', async () => {
    const w = await createAuthenticatedWorld();
    const call = (path: string, body: object) => w.call(`POST ${TOY}/${path}`, { token: w.tokens.a, body });
    const id = 'c'.repeat(32);
    expect(await call(`register?id=${id}`, { serial: 'SN-2' })).toMatchObject({ status: 201, body: { id } });
    expect(await call(`note?id=${id}`, { text: 'x' })).toMatchObject({ status: 200 });
  });

  test('finds a line where it is, and nowhere else', async () => {
    const w = await createAuthenticatedWorld();
    const as = { token: w.tokens.a };
    const { body } = await w.call(`POST ${TOY}/register`, { ...as, body: { serial: 'SN-3' } });
    const at = (base: string) => w.call(`GET ${base}/lines/${body.line}`, as);
    expect((await at(TOY)).status).toBe(200);
    expect((await at('/v1/contracts/host.credential@1/gd')).status).toBe(404);
    expect((await at('/v1/contracts/test.toy@1/main')).status).toBe(404);
  });

  test('says of an object whose every payload was erased that it is gone, and who else has it', async () => {
    const w = await createAuthenticatedWorld();
    const as = { token: w.tokens.a };
    const { body } = await w.call(`POST ${TOY}/register`, {
      ...as,
      body: { serial: 'SN-4', with: [w.dids.b] },
    });
    const noted = await w.call(`POST ${TOY}/note?id=${body.id}`, { ...as, body: { text: 'x' } });
    await settleAll(w.nodes);
    const erase = (line: unknown) => w.call(`DELETE ${TOY}/payloads/${line}`, as);
    const show = () => w.call(`GET ${TOY}/${body.id}`, as);
    expect((await erase(noted.body.line)).status).toBe(200);
    expect((await show()).status).toBe(200);
    expect((await erase(body.line)).status).toBe(200);
    expect(await show()).toMatchObject({ status: 410, body: { code: 'gone', heldBy: w.dids.b } });
    expect((await w.callB(`GET ${TOY}/${body.id}`, { token: w.tokens.b })).status).toBe(200);
    expect(await w.world.consortium.verify()).toMatchObject({ ok: true });
  });
});
