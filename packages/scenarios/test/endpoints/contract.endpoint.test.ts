import type { JsonValue } from '@attestel/core';
import { beforeAll, describe, expect, test } from 'vitest';
import { credentialModule } from '../../src/host/credentials/credential-module.ts';
import type { JsonObject, JsonSchema, Module } from '../../src/module/module.ts';
import { intruded, sampleOf } from '../harness/sample-of-schema.ts';
import { toyModule } from '../host/toy-module.ts';
import { createAuthenticatedWorld, type EndpointWorld } from './endpoint-world.ts';

let w: EndpointWorld;
let id: string;
let head: string;
const TOY = '/v1/contracts/test.toy@1/gd';

beforeAll(async () => {
  w = await createAuthenticatedWorld();
  const begun = await w.call(`POST ${TOY}/register`, { token: w.tokens.a, body: { serial: 'SN-1' } });
  id = begun.body.id as string;
  head = begun.body.line as string;
  expect([begun.status, begun.body.head]).toEqual([201, head]);
});

const codeOf = async (
  line: string,
  options: Parameters<EndpointWorld['call']>[1] = { token: w.tokens.a },
) => {
  const { status, body } = await w.call(line, options);
  return `${status} ${body.code ?? ''} ${body.field ?? ''}`.trim();
};

describe('the four-parameter call', () => {
  test('runs a command: 201 where it begins an object, 200 where it moves one', async () => {
    const noted = await w.call(`POST ${TOY}/note?id=${id}&head=${head}`, {
      token: w.tokens.a,
      body: { text: 'one' },
    });
    expect(noted).toMatchObject({
      status: 200,
      body: { id, events: [{ type: 'noted', data: { text: 'one' } }] },
    });
    expect(noted.body.index).toBeGreaterThan(0);
    expect(
      await codeOf(`POST ${TOY}/note?id=${id}&head=${head}`, { token: w.tokens.a, body: { text: 'two' } }),
    ).toMatch(/^409 head_conflict/);
    const stale = await w.call(`POST ${TOY}/note?id=${id}&head=${head}`, {
      token: w.tokens.a,
      body: { text: 'two' },
    });
    expect(stale.body.head).toBe(noted.body.line);
  });

  test('takes the digest of the module in place of its name, the channel percent-encoded', async () => {
    const digest = w.digestOf('test.toy');
    expect(await codeOf(`GET /v1/contracts/${digest}/gd/${id}`)).toBe('200');
    expect(await codeOf(`GET ${TOY.replace('gd', 'g%64')}/${id}`)).toBe('200');
  });

  test('unknown chaincodeID 404, unknown command 404, foreign businessID 403 [D2]', async () => {
    const post = (path: string) =>
      codeOf(`POST /v1/contracts/${path}`, { token: w.tokens.a, body: { serial: 'X' } });
    expect(await post('test.toy@9/gd/register')).toBe('404 module_unknown');
    expect(await post(`${'0'.repeat(64)}/gd/register`)).toBe('404 module_unknown');
    expect(await post('test.toy@1/gd/nothing')).toBe('404 command_unknown');
    expect(await post('test.toy@1/gd/constructor')).toBe('404 command_unknown');
    expect(await post('test.toy@1/hn/register')).toBe('403 permission_denied');
    expect(await codeOf(`POST ${TOY}/register`, { token: w.tokens.stranger, body: { serial: 'X' } })).toBe(
      '403 permission_denied',
    );
  });

  test('nobody without a token', async () => {
    for (const line of [
      `POST ${TOY}/register`,
      `GET ${TOY}/${id}`,
      `GET ${TOY}/queries/serials`,
      `DELETE ${TOY}/payloads/${head}`,
    ]) {
      const answer = await w.call(line, { body: {} });
      expect([answer.status, answer.headers['www-authenticate']]).toEqual([401, 'Bearer realm="attestel"']);
    }
  });

  test.each([
    ['a parameter that is not known', 'note?id=ID&foo=1', { text: 'x' }, '400 invalid_argument /foo'],
    ['a parameter twice', 'note?id=ID&id=ID', { text: 'x' }, '400 invalid_argument /id'],
    ['an id that is none', 'note?id=1', { text: 'x' }, '400 invalid_argument /id'],
    ['a head that is none', 'note?id=ID&head=1', { text: 'x' }, '400 invalid_argument /head'],
    ['a command on an object that names none', 'note', { text: 'x' }, '400 invalid_argument /id'],
    ['a property that is not known', 'note?id=ID', { text: 'x', more: 1 }, '400 invalid_argument /more'],
    ['a number for a text', 'note?id=ID', { text: 1 }, '400 invalid_argument /text'],
    ['a list for an object', 'note?id=ID', [], '400 invalid_argument /'],
  ])('refuses %s', async (_, path, body, code) => {
    expect(await codeOf(`POST ${TOY}/${path.replaceAll('ID', id)}`, { token: w.tokens.a, body })).toBe(code);
  });

  test.each([
    '',
    '{',
    '{"text":"a","text":"b"}',
    '{"text":{"__proto__":{}}}',
    `${'['.repeat(60)}${']'.repeat(60)}`,
  ])('refuses a body that is no strict JSON: %s', async (text) => {
    expect(await codeOf(`POST ${TOY}/note?id=${id}`, { token: w.tokens.a, text })).toBe(
      '400 invalid_argument /',
    );
  });
});

describe('reading', () => {
  test('an object, its history, its lines, a query', async () => {
    const object = await w.call(`GET ${TOY}/${id}`, { token: w.tokens.a });
    expect(object.body).toMatchObject({ id, state: { serial: 'SN-1' }, disputedBy: null });
    const history = await w.call(`GET ${TOY}/${id}/history`, { token: w.tokens.a });
    expect(history.body.lines).toMatchObject([{ number: 1, line: head, command: 'register' }, { number: 2 }]);
    const line = await w.call(`GET ${TOY}/lines/${head}`, { token: w.tokens.a });
    expect(line.body).toMatchObject({
      line: head,
      payload: { command: 'register', data: { serial: 'SN-1' } },
    });
    expect((await w.call(`GET ${TOY}/queries/serials`, { token: w.tokens.a })).body).toEqual({
      result: ['SN-1'],
    });
  });

  test('as it was: `at` is an RFC 3339 time', async () => {
    expect(await codeOf(`GET ${TOY}/${id}?at=2027-01-15T08:00:00Z`)).toBe('200');
    expect(await codeOf(`GET ${TOY}/${id}?at=2020-01-01T00:00:00%2B08:00`)).toBe('404 not_found');
    for (const at of ['yesterday', '2027-01-15', '1800000000', '2027-02-30T00:00:00Z'])
      expect(await codeOf(`GET ${TOY}/${id}?at=${at}`)).toBe('400 invalid_argument /at');
  });

  test.each([
    ['/ID?foo=1', '400 invalid_argument /foo'],
    ['/ID?as=nobody', '400 invalid_argument /as'],
    ['/ID/history?at=2027-01-15T08:00:00Z', '400 invalid_argument /at'],
    ['/queries/serials?foo=1', '400 invalid_argument /foo'],
    ['/queries/nothing', '404 query_unknown'],
    ['/queries/constructor', '404 query_unknown'],
    [`/${'0'.repeat(32)}`, '404 not_found'],
    ['/nothing', '404 not_found'],
    [`/lines/${'0'.repeat(64)}`, '404 not_found'],
    ['/lines/nothing', '404 not_found'],
  ])('GET %s: %s', async (path, code) => {
    expect(await codeOf(`GET ${TOY}${path.replace('ID', id)}`)).toBe(code);
  });

  test('a stranger of the channel: 403, an empty list, 403 [C5]', async () => {
    const as = { token: w.tokens.stranger };
    expect(await codeOf(`GET ${TOY}/${id}`, as)).toBe('403 permission_denied');
    expect(await codeOf(`GET ${TOY}/${'0'.repeat(32)}`, as)).toBe('403 permission_denied');
    expect(await codeOf(`GET ${TOY}/${id}/history`, as)).toBe('403 permission_denied');
    expect(await codeOf(`GET ${TOY}/lines/${head}`, as)).toBe('403 permission_denied');
    expect((await w.call(`GET ${TOY}/queries/serials`, as)).body).toEqual({ result: [] });
    // A channel that is not there looks the same.
    expect((await w.call(`GET ${TOY.replace('gd', 'zz')}/queries/serials`, as)).body).toEqual({ result: [] });
    expect(await codeOf(`POST ${TOY}/note?id=${id}`, { ...as, body: { text: 'x' } })).toBe(
      '403 permission_denied',
    );
  });

  test('a member of the channel that is no party of the object: the same [C5]', async () => {
    const as = { token: w.tokens.b };
    expect(await codeOf(`GET ${TOY}/${id}`, as)).toBe('403 permission_denied');
    expect(await codeOf(`GET ${TOY}/lines/${head}`, as)).toBe('403 permission_denied');
    expect((await w.call(`GET ${TOY}/queries/serials`, as)).body).toEqual({ result: [] });
    expect(await codeOf(`POST ${TOY}/note?id=${id}`, { ...as, body: { text: 'x' } })).toMatch(
      /^403 permission_denied/,
    );
  });

  test('whoever says that it acts for another and does not, counts as itself', async () => {
    const as = { token: w.tokens.b };
    expect(await codeOf(`GET ${TOY}/${id}?as=${w.dids.a}`, as)).toBe('403 permission_denied');
  });
});

describe('erasing', () => {
  test('by the party alone; then the payload is gone and says so [C6]', async () => {
    const begun = await w.call(`POST ${TOY}/register`, { token: w.tokens.a, body: { serial: 'SN-9' } });
    const line = begun.body.line as string;
    expect(await codeOf(`DELETE ${TOY}/payloads/${line}`, { token: w.tokens.b })).toBe(
      '403 permission_denied',
    );
    expect(await codeOf(`DELETE ${TOY}/payloads/${line}?x=1`)).toBe('400 invalid_argument /x');
    const erased = await w.call(`DELETE ${TOY}/payloads/${line}`, { token: w.tokens.a });
    expect(erased).toMatchObject({ status: 200, body: { line, heldBy: [] } });
    expect(await codeOf(`GET ${TOY}/lines/${line}`)).toBe('410 gone');
    expect((await w.call(`GET ${TOY}/${begun.body.id}`, { token: w.tokens.a })).text).not.toContain('SN-9');
  });
});

describe('a property too many, at any depth of any command, is refused with its place [C4]', () => {
  const modules: readonly Module[] = [toyModule(), credentialModule([]) as unknown as Module];
  // Claims follow the schema of a type that their own text names.
  const claims = { type: 'Auditor', claims: { channel: 'gd' }, validUntil: '2028-01-01T00:00:00Z' };
  const dataOf = (command: string, schema: JsonSchema): JsonValue =>
    command === 'issue' ? { ...(sampleOf(schema) as JsonObject), ...claims } : sampleOf(schema);
  const cases = modules.flatMap((module) =>
    Object.entries(module.commands).flatMap(([command, { schema }]) =>
      intruded(dataOf(command, schema)).map(({ pointer, value }) => ({ module, command, pointer, value })),
    ),
  );

  test.each(cases)('$module.name $command $pointer', async ({ module, command, pointer, value }) => {
    const path = `/v1/contracts/${module.name}@${module.version}/gd/${command}?id=${'a'.repeat(32)}`;
    expect(await codeOf(`POST ${path}`, { token: w.tokens.a, body: value })).toBe(
      `400 invalid_argument ${pointer}`,
    );
  });

  test('two levels down too', () => {
    expect(cases.some(({ pointer }) => pointer.split('/').length === 3)).toBe(true);
  });
});

describe('an item of a batch', () => {
  test('comes with its path; what is no number of an item is not found', async () => {
    const items = [{ v: 1 }, { v: 2 }, { v: 3 }];
    const done = await w.call(`POST ${TOY}/measure?id=${id}`, { token: w.tokens.a, body: { items } });
    expect(done.status).toBe(200);
    const line = done.body.line as string;
    expect(await w.call(`GET ${TOY}/lines/${line}/items/1`, { token: w.tokens.a })).toMatchObject({
      status: 200,
    });
    expect(await codeOf(`GET ${TOY}/lines/${line}/items/1`, { token: w.tokens.b })).toBe(
      '403 permission_denied',
    );
    for (const number of ['3', '-1', '01', 'x'])
      expect(await codeOf(`GET ${TOY}/lines/${line}/items/${number}`)).toMatch(/^404 not_found/);
  });
});
