import { beforeAll, describe, expect, test } from 'vitest';
import { createAuthenticatedWorld, type EndpointWorld } from './endpoint-world.ts';

const TOY = '/v1/contracts/test.toy@1/gd';

let w: EndpointWorld;
let id: string;

beforeAll(async () => {
  w = await createAuthenticatedWorld();
  const begun = await w.call(`POST ${TOY}/register`, { token: w.tokens.a, body: { serial: 'SN-1' } });
  id = begun.body.id as string;
});

describe('evidence over HTTP', () => {
  const evidence = async () => (await w.call(`GET ${TOY}/${id}/evidence`, { token: w.tokens.a })).body;

  test('of an object proves it at another node, which has only the ledger', async () => {
    const proved = await w.callB('POST /v1/evidence', { token: w.tokens.b, body: await evidence() });
    expect(proved).toMatchObject({ status: 200, body: { id, lines: 1, gaps: 0 } });
  });

  test('that was changed proves nothing', async () => {
    const text = JSON.stringify(await evidence());
    const forged = JSON.parse(text.replaceAll('SN-1', 'SN-2'));
    expect(JSON.stringify(forged)).not.toBe(text);
    const refused = await w.callB('POST /v1/evidence', { token: w.tokens.b, body: forged });
    expect(refused).toMatchObject({ status: 422, body: { code: 'evidence_forged' } });
  });

  test('is neither given to a stranger of the channel nor looked up for one', async () => {
    const body = await evidence();
    const token = w.tokens.stranger;
    for (const line of [`GET ${TOY}/${id}/evidence`, 'GET /v1/audits/test.toy@1/gd'])
      expect(await w.call(line, { token })).toMatchObject({ status: 403 });
    for (const shown of [body, { ...body, id: '0'.repeat(32) }])
      expect(await w.call('POST /v1/evidence', { token, body: shown })).toMatchObject({ status: 403 });
  });

  test('says of an audit how it came out, and refuses a second one while it runs', async () => {
    const audit = () => w.call('GET /v1/audits/test.toy@1/gd', { token: w.tokens.a });
    const answers = await Promise.all([audit(), audit()]);
    const [done, refused] = answers.sort((a, b) => a.status - b.status);
    expect(done).toMatchObject({
      status: 200,
      body: { result: 'ok', objects: 1, erased: 0, findings: [], unchecked: [], more: 0 },
    });
    expect(refused).toMatchObject({ status: 429, body: { code: 'audit_running' } });
    expect(await audit()).toMatchObject({ status: 200 });
  });
});
