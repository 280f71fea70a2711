import { describe, expect, test } from 'vitest';
import { settleAll } from '../host/world.ts';
import { createAuthenticatedWorld } from './endpoint-world.ts';

const CREDENTIALS = '/v1/contracts/host.credential@1/gd';
const TOY = '/v1/contracts/test.toy@1/gd';

describe('a credential given over HTTP', () => {
  test('lets a clerk act at both nodes; revoked, it is refused at once on every node [C10]', async () => {
    const w = await createAuthenticatedWorld();
    const { a, b, stranger } = w.dids;
    const as = { token: w.tokens.a };
    const toy = await w.call(`POST ${TOY}/register`, { ...as, body: { serial: 'SN-1', with: [b] } });
    await settleAll(w.nodes);
    const clerk = { token: w.tokens.stranger, body: { text: 'by the clerk' } };
    const note = (call: typeof w.call) => call(`POST ${TOY}/note?id=${toy.body.id}`, clerk);
    expect([(await note(w.call)).status, (await note(w.callB)).status]).toEqual([403, 403]);

    const claims = { of: a, and: b };
    const issue = { type: 'Clerk', subject: stranger, keeper: b, claims };
    const given = await w.call(`POST ${CREDENTIALS}/issue`, { ...as, body: issue });
    expect(given.status).toBe(201);
    await settleAll(w.nodes);
    expect(await note(w.call)).toMatchObject({ status: 200 });
    await settleAll(w.nodes);
    expect(await note(w.callB)).toMatchObject({ status: 200 });
    await settleAll(w.nodes);
    // What the clerk did at one node, the other judged by the same credential.
    for (const node of w.nodes) {
      const reader = { actor: node.organisation.did };
      const object = await node.host.get({
        channel: 'gd',
        module: 'test.toy@1',
        id: toy.body.id as string,
        reader,
      });
      expect(object).toMatchObject({
        checked: true,
        behind: false,
        state: { texts: ['by the clerk', 'by the clerk'] },
      });
      expect(node.host.disputes()).toEqual([]);
    }

    const revoke = (token: string) =>
      w.callB(`POST ${CREDENTIALS}/revoke?id=${given.body.id}`, { token, body: {} });
    expect((await revoke(w.tokens.b)).status).toBe(403);
    expect(await w.call(`POST ${CREDENTIALS}/revoke?id=${given.body.id}`, { ...as, body: {} })).toMatchObject(
      { status: 200 },
    );
    // Before anything but the line itself has reached the other node.
    expect([(await note(w.call)).status, (await note(w.callB)).status]).toEqual([403, 403]);
    expect((await w.callB(`GET ${TOY}/${toy.body.id}`, { token: w.tokens.stranger })).status).toBe(403);
  });

  test('whoever may not give a type is refused, and nothing is left behind', async () => {
    const w = await createAuthenticatedWorld();
    const size = w.world.consortium.ledger.head().size;
    const agent = {
      type: 'Agent',
      subject: w.dids.stranger,
      keeper: w.dids.a,
      claims: { principal: w.dids.b, modules: ['test.toy'] },
    };
    const refused = await w.call(`POST ${CREDENTIALS}/issue`, { token: w.tokens.a, body: agent });
    expect(refused).toMatchObject({ status: 403, body: { code: 'permission_denied', field: '/type' } });
    expect(w.world.consortium.ledger.head().size).toBe(size);
  });

  test('an agent acts and reads in the name of its principal, in the modules named and no others', async () => {
    const w = await createAuthenticatedWorld();
    const as = { token: w.tokens.a };
    const agent = { token: w.tokens.stranger };
    const toy = await w.call(`POST ${TOY}/register`, { ...as, body: { serial: 'SN-1' } });
    const claims = { principal: w.dids.a, modules: ['test.toy'] };
    const issue = { type: 'Agent', subject: w.dids.stranger, keeper: w.dids.a, claims };
    await w.call(`POST ${CREDENTIALS}/issue`, { ...as, body: issue });
    const noted = await w.call(`POST ${TOY}/note?id=${toy.body.id}`, {
      ...agent,
      body: { text: 'by the agent' },
    });
    expect(noted.status).toBe(200);
    const line = await w.call(`GET ${TOY}/lines/${noted.body.line}?as=${w.dids.a}`, agent);
    expect(line.body).toMatchObject({ payload: { party: w.dids.a, actor: w.dids.stranger } });
    expect((await w.call(`GET ${TOY}/${toy.body.id}?as=${w.dids.a}`, agent)).status).toBe(200);
    expect((await w.call(`GET ${TOY}/${toy.body.id}`, agent)).status).toBe(403);
    const onward = { ...issue, subject: w.dids.b };
    expect((await w.call(`POST ${CREDENTIALS}/issue`, { ...agent, body: onward })).status).toBe(403);
  });

  test('may be brought along by who holds it, where the node does not keep it', async () => {
    const w = await createAuthenticatedWorld();
    const { a, b, stranger } = w.dids;
    const toy = await w.call(`POST ${TOY}/register`, {
      token: w.tokens.a,
      body: { serial: 'SN-1', with: [b] },
    });
    // Nobody else is told of it than its holder, who has no node.
    const issue = { type: 'Clerk', subject: stranger, claims: { of: a, and: b } };
    const given = await w.call(`POST ${CREDENTIALS}/issue`, { token: w.tokens.a, body: issue });
    await settleAll(w.nodes);
    const kept = await w.call(`GET ${CREDENTIALS}/lines/${given.body.line}`, { token: w.tokens.a });
    const { issued } = kept.body.payload as { issued: readonly { jwt: string }[] };
    const jwt = issued[0]?.jwt ?? '';
    const note = (presented: string | undefined) =>
      w.callB(`POST ${TOY}/note?id=${toy.body.id}`, {
        ...{ token: w.tokens.stranger, body: { text: 'by the clerk' } },
        ...(presented !== undefined && { headers: { 'attestel-credential': presented } }),
      });
    const show = (headers: { [name: string]: string }) =>
      w.callB(`GET ${TOY}/${'f'.repeat(32)}`, { token: w.tokens.stranger, headers });
    expect((await note(undefined)).status).toBe(403);
    expect(await note(jwt)).toMatchObject({ status: 200 });
    await settleAll(w.nodes);
    // What B took it for, A judged by the same.
    expect(w.nodes[0].host.disputes()).toEqual([]);
    // Once shown it counts for one call: nothing is kept of it but what the payload needs.
    expect([(await show({})).status, (await show({ 'attestel-credential': jwt })).status]).toEqual([
      403, 404,
    ]);
    const changed = `${jwt.slice(0, -20)}${jwt.at(-20) === 'A' ? 'B' : 'A'}${jwt.slice(-19)}`;
    expect((await note(changed)).status).toBe(403);
    for (const odd of ['', 'x', `${jwt},`, Array(9).fill(jwt).join(',')])
      expect(await note(odd)).toMatchObject({ status: 400, body: { field: '/attestel-credential' } });
    // It opens no object: that is for the module to say.
    const other = await w.callB(`GET ${TOY}/${toy.body.id}`, {
      ...{ token: w.tokens.stranger, headers: { 'attestel-credential': jwt } },
    });
    expect(other.status).toBe(403);
    await w.call(`POST ${CREDENTIALS}/revoke?id=${given.body.id}`, { token: w.tokens.a, body: {} });
    expect((await note(jwt)).status).toBe(403);
  });
});
