import { silentLogger, unixSeconds } from '@attestel/core';
import { beforeEach, describe, expect, test } from 'vitest';
import { clock } from '../../../registry/test/consortium.ts';
import {
  createWebhooks,
  type Webhook,
  type WebhookFetch,
} from '../../src/endpoints/webhooks/create-webhooks.ts';
import { createKnownModules } from '../../src/host/known-modules.ts';
import { createLedgerView } from '../../src/host/ledger-view.ts';
import { toyModule } from '../host/toy-module.ts';
import { did, type Node, openWorld, run, type World } from '../host/world.ts';

let world: World;
let node: Node;
let got: { url: string; headers: Readonly<Record<string, string>>; event: Record<string, unknown> }[];
let answer: (url: string) => number;
let waits: { seconds: number; work: () => void }[];
const HOOK: Webhook = {
  id: 'erp',
  url: 'https://erp.example/events',
  headers: { authorization: 'Bearer secret' },
};

const fetch: WebhookFetch = async (url, { headers, body }) => {
  const status = answer(url);
  if (status === 0) throw new Error('ECONNREFUSED');
  got.push({ url, headers, event: JSON.parse(body) as Record<string, unknown> });
  return new Response(null, { status });
};

const start = (hooks: readonly Webhook[] = [HOOK]) =>
  createWebhooks({
    ...{
      host: node.host,
      store: node.store,
      party: did(node),
      baseUrl: 'https://node.example',
      hooks,
      fetch,
    },
    ledger: createLedgerView(world.consortium.ledger, () => unixSeconds(clock)),
    modules: createKnownModules([toyModule()]),
    logger: silentLogger,
    later(seconds, work) {
      const wait = { seconds, work };
      waits.push(wait);
      return { stop: () => void waits.splice(waits.indexOf(wait), 1) };
    },
  });
const types = () => got.map(({ event }) => event.type);

beforeEach(async () => {
  world = await openWorld();
  node = await world.node(0);
  [got, waits, answer] = [[], [], () => 204];
});

describe('webhooks', () => {
  test('every event of every line, in order, as a CloudEvent 1.0 in structured JSON', async () => {
    const hooks = start();
    const { id, line, index } = await run(node, 'register', { serial: 'SN-1' });
    await run(node, 'note', { text: 'one' }, { id });
    await hooks.idle();
    expect(types()).toEqual(['attestel.test.toy.registered', 'attestel.test.toy.noted']);
    expect(got[0]).toMatchObject({
      url: HOOK.url,
      headers: {
        'content-type': 'application/cloudevents+json; charset=utf-8',
        authorization: 'Bearer secret',
      },
    });
    const { digest, ...event } = got[0]?.event ?? {};
    expect(digest).toMatch(/^[0-9a-f]{64}$/);
    expect(event).toEqual({
      specversion: '1.0',
      id: `${line}/0`,
      source: 'https://node.example/v1/contracts/test.toy@1/gd',
      type: 'attestel.test.toy.registered',
      subject: id,
      time: '2027-01-15T08:00:00Z',
      datacontenttype: 'application/json',
      party: did(node),
      actor: did(node),
      ledgerline: line,
      ledgerseq: index,
      data: { serial: 'SN-1', with: [] },
    });
    // CloudEvents 1.0 §3.1: names of attributes are of small letters and digits.
    for (const name of Object.keys(got[0]?.event ?? {})) expect(name).toMatch(/^[a-z0-9]{1,20}$/);
    await hooks.close();
  });

  test.each([0, 500, 404, 302])(
    'a receiver that answers %s is tried again, later each time, and nothing is left out',
    async (status) => {
      answer = () => status;
      const hooks = start();
      await run(node, 'register', { serial: 'SN-1' });
      await hooks.idle();
      const again = async () => {
        const [wait] = waits.splice(0, 1);
        wait?.work();
        await hooks.idle();
        return wait?.seconds;
      };
      expect([await again(), await again(), await again()]).toEqual([1, 2, 4]);
      [got, answer] = [[], () => 202];
      expect(await again()).toBe(8);
      expect(types()).toEqual(['attestel.test.toy.registered']);
      await run(node, 'register', { serial: 'SN-2' });
      await hooks.idle();
      expect(got.map(({ event }) => (event.data as { serial: string }).serial)).toEqual(['SN-1', 'SN-2']);
      await hooks.close();
    },
  );

  test('goes on after a restart where it was; a new receiver begins with the first', async () => {
    const before = start();
    await run(node, 'register', { serial: 'SN-1' });
    await before.idle();
    await before.close();
    await run(node, 'register', { serial: 'SN-2' });
    expect(types()).toHaveLength(1);
    await node.reopen();
    const after = start([HOOK, { ...HOOK, id: 'new', url: 'https://new.example' }]);
    await after.idle();
    const serials = (url: string) =>
      got.filter((one) => one.url === url).map(({ event }) => (event.data as { serial: string }).serial);
    expect([serials(HOOK.url), serials('https://new.example')]).toEqual([
      ['SN-1', 'SN-2'],
      ['SN-1', 'SN-2'],
    ]);
    await after.close();
  });

  test('one that is away holds up no other', async () => {
    const hooks = start([{ ...HOOK, id: 'away', url: 'https://away.example' }, HOOK]);
    answer = (url) => (url === HOOK.url ? 204 : 0);
    await run(node, 'register', { serial: 'SN-1' });
    await hooks.idle();
    expect(got.map(({ url }) => url)).toEqual([HOOK.url]);
    expect(waits).toHaveLength(1);
    await hooks.close();
  });

  test('only what was asked for', async () => {
    const hooks = start([
      { ...HOOK, modules: ['test.other'] },
      { ...HOOK, id: 'two', channels: ['hn'] },
      { ...HOOK, id: 'three', modules: ['test.toy'] },
    ]);
    await run(node, 'register', { serial: 'SN-1' });
    await hooks.idle();
    expect(got).toHaveLength(1);
    await hooks.close();
  });

  test('what was erased before it was sent is told to nobody', async () => {
    const { line } = await run(node, 'register', { serial: 'SN-1' });
    await run(node, 'register', { serial: 'SN-2' });
    await node.host.erase({ line, actor: did(node) });
    const hooks = start();
    await hooks.idle();
    expect(got.map(({ event }) => (event.data as { serial: string }).serial)).toEqual(['SN-2']);
    await hooks.close();
  });

  test('stops when it is closed', async () => {
    answer = () => 503;
    const hooks = start();
    await run(node, 'register', { serial: 'SN-1' });
    await hooks.idle();
    await hooks.close();
    expect(waits).toEqual([]);
  });
});
