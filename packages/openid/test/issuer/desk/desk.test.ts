import { beforeEach, describe, expect, it } from 'vitest';
import { sampleSubscribers } from '../../../src/issuer/index.ts';
import { callRoutes } from '../fakes/http.ts';
import { createWorld, didOf, type Operator, type World } from '../fakes/world.ts';

const samples = sampleSubscribers({ seed: 'test', operator: 'zhonglian', count: 2 });
const phoneNumber = samples[0]?.phoneNumber as string;
const subscriptionId = samples[0]?.subscriptionId as string;

let world: World;
let operator: Operator;

beforeEach(async () => {
  world = await createWorld();
  operator = world.operators[0] as Operator;
  await operator.issuer.subscribers.seed(samples);
});

const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  callRoutes(operator.routes, {
    method: 'POST',
    url: `${operator.issuerUrl}/v1/desk${path}`,
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });

const find = (number: string, headers: Record<string, string> = {}) =>
  post('/subscribers/search', { phoneNumber: number }, headers);

const events = (body: unknown, headers: Record<string, string> = {}) =>
  post(`/lines/${subscriptionId}/events`, body, headers);

describe('the desk', () => {
  it.each([
    ['POST', '/offers'],
    ['POST', '/subscribers/search'],
    ['POST', `/lines/${subscriptionId}/events`],
    ['POST', '/port-out'],
    ['POST', '/port-in'],
  ])('refuses parties the configuration does not name: %s %s', async (method, path) => {
    const answer = await callRoutes(operator.routes, {
      method,
      url: `${operator.issuerUrl}/v1/desk${path}`,
      headers: { 'x-test-party': didOf('stranger') },
    });
    expect([answer.status, answer.json().code]).toEqual([403, 'desk_denied']);
  });

  it('lets the parties in that the configuration names, and then only those', async () => {
    world = await createWorld({ issuer: { deskDids: [didOf('shop')] } });
    operator = world.operators[0] as Operator;
    await operator.issuer.subscribers.seed(samples);
    expect((await find(phoneNumber, { 'x-test-party': didOf('shop') })).status).toBe(200);
    expect((await find(phoneNumber)).status).toBe(403);
  });
});

describe('POST offers', () => {
  it.each([{ phoneNumber }, { subscriptionId }])('makes an offer by number or id', async (body) => {
    const answer = await post('/offers', body);
    expect(answer.status).toBe(201);
    const offer = answer.json() as Record<string, string>;
    expect(offer).toEqual({
      credential_offer_uri: expect.stringMatching(/^http:\/\/zhonglian\.localhost:4101\/offers\/[\w-]{22}$/),
      offer_uri: `openid-credential-offer://?credential_offer_uri=${encodeURIComponent(offer.credential_offer_uri as string)}`,
      wallet_link: `http://wallet.localhost:4120/add?credential_offer_uri=${encodeURIComponent(offer.credential_offer_uri as string)}`,
      tx_code: expect.stringMatching(/^\d{6}$/),
      expires_at: '2026-11-22T12:10:00Z',
    });
    expect(answer.headers['cache-control']).toBe('no-store');
    const document = await callRoutes(operator.routes, {
      method: 'GET',
      url: offer.credential_offer_uri as string,
    });
    expect(document.json()).toEqual({
      credential_issuer: operator.issuerUrl,
      credential_configuration_ids: ['phone_number'],
      grants: {
        'urn:ietf:params:oauth:grant-type:pre-authorized_code': {
          'pre-authorized_code': expect.any(String),
          tx_code: { input_mode: 'numeric', length: 6 },
        },
      },
    });
  });

  it.each([
    ['neither number nor id', {}, '/subscriptionId'],
    ['both', { phoneNumber, subscriptionId }, '/subscriptionId'],
    ['a number without plus', { phoneNumber: '99910001000000' }, '/phoneNumber'],
    ['an unknown member', { phoneNumber, more: 1 }, '/'],
    ['an unknown method', { phoneNumber, method: 'sms' }, '/method'],
  ])('refuses %s, naming the field and no value', async (_, body, field) => {
    const answer = await post('/offers', body);
    expect([answer.status, answer.json().field]).toEqual([400, field]);
    expect(answer.json().rule).toEqual(expect.any(String));
    expect(answer.text).not.toContain('9991');
  });

  it('refuses unknown lines and lines out of service', async () => {
    expect((await post('/offers', { phoneNumber: '+9991000100' })).status).toBe(404);
    await events({ type: 'suspend' });
    expect((await post('/offers', { phoneNumber })).json().code).toBe('line_not_active');
  });

  it('refuses what is not JSON', async () => {
    expect((await post('/offers', '{')).status).toBe(400);
    expect((await post('/offers', '{}', { 'content-type': 'text/plain' })).status).toBe(400);
  });
});

describe('POST subscribers/search', () => {
  it('finds the line of a number and says neither number nor handle', async () => {
    const answer = await find(phoneNumber);
    expect(answer.json()).toMatchObject({ subscriptionId, phase: 'active', bound: false });
    const handle = operator.issuer.subscribers.get(subscriptionId)?.line.handle as string;
    expect(answer.text).not.toContain(handle);
    expect(answer.text).not.toContain(phoneNumber);
  });

  it('refuses what is no number, and does not know foreign ones', async () => {
    expect((await find('abc')).json()).toMatchObject({ status: 400, field: '/phoneNumber' });
    expect((await find('+8610000000')).status).toBe(404);
  });
});

describe('POST events', () => {
  it.each(['x', 'A'.repeat(20), 'a'.repeat(3000)])('knows no line by an id of another form', async (id) => {
    expect((await post(`/lines/${id}/events`, { type: 'sim-swap' })).status).toBe(404);
  });

  it('moves the line', async () => {
    for (const [type, phase] of [
      ['sim-swap', 'active'],
      ['loss', 'suspended'],
      ['re-issue', 'active'],
      ['suspend', 'suspended'],
      ['resume', 'active'],
      ['death', 'vacant'],
      ['transfer', 'active'],
      ['terminate', 'terminated'],
    ]) {
      const answer = await events({ type });
      expect([type, answer.status, answer.json().phase]).toEqual([type, 200, phase]);
    }
  });

  it.each([
    ['an unknown event', { type: 'explode' }],
    ['an event of wallets', { type: 'new-device', key: 'x', oldKey: true }],
    ['a veto', { type: 'veto', key: 'x' }],
    ['a port', { type: 'port-out' }],
    ['a time of its own', { type: 'resume', at: 1 }],
    ['a handle of its own', { type: 'transfer', handle: 'x' }],
    ['a loss as plain suspension', { type: 'suspend', reason: 'loss' }],
    ['no event', {}],
  ])('refuses %s', async (_, body) => {
    expect([(await events(body)).status, (await events(body)).json().code]).toEqual([400, 'body_invalid']);
  });

  it('refuses what the phase does not allow, naming the rule', async () => {
    const answer = await events({ type: 'resume' });
    expect(answer.json()).toMatchObject({ status: 409, code: 'event_refused', rule: 'not-in-this-phase' });
    expect((await post('/lines/sub-unknown/events', { type: 'resume' })).status).toBe(404);
  });

  it('does a repeated request with the same key once', async () => {
    const headers = { 'idempotency-key': 'abcdefgh' };
    const first = await events({ type: 'sim-swap' }, headers);
    world.clock.advance(60);
    const again = await events({ type: 'sim-swap' }, headers);
    expect(again.text).toBe(first.text);
    expect(operator.issuer.subscribers.get(subscriptionId)?.line.sim).toBe(1);
    const other = await events({ type: 'suspend' }, headers);
    expect([other.status, other.json().code]).toEqual([409, 'idempotency_conflict']);
    expect((await events({ type: 'suspend' }, { 'idempotency-key': 'a' })).json().field).toBe(
      'Idempotency-Key',
    );
  });

  it('does two equal requests at the same moment once', async () => {
    const headers = { 'idempotency-key': 'abcdefgh' };
    const both = [events({ type: 'sim-swap' }, headers), events({ type: 'sim-swap' }, headers)];
    const statuses = (await Promise.all(both)).map(({ status }) => status);
    expect(statuses).toContain(200);
    expect(operator.issuer.subscribers.get(subscriptionId)?.line.sim).toBe(1);
  });

  it('gives a number to a new person after quarantine only, under a new id and handle', async () => {
    const before = operator.issuer.subscribers.get(subscriptionId)?.line.handle;
    await events({ type: 'terminate' });
    expect((await events({ type: 'recycle' })).json().rule).toBe('quarantine-not-over');
    world.clock.advance(90 * 86_400);
    const answer = await events({ type: 'recycle', holderName: { 'zh-CN': '新', en: 'New' } });
    const next = (await find(phoneNumber)).json();
    expect(next).toEqual(answer.json());
    expect(next).toMatchObject({ phase: 'active', holderName: { en: 'New' } });
    expect(next.subscriptionId).not.toBe(subscriptionId);
    const line = operator.issuer.subscribers.get(next.subscriptionId as string)?.line;
    expect(line?.handle).not.toBe(before);
    expect(operator.issuer.subscribers.get(subscriptionId)?.line.phase).toBe('released');
  });
});
