import { fromUtf8 } from '@attestel/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { issueCard, newHandle, type Party } from '../../openid/test/verifier/support/consortium.ts';
import { openBridgeKeys } from '../src/keys/bridge-keys.ts';
import { answerHere, createWorld, decide, type World } from './support/world.ts';

let world: World;
let beta: Party;
beforeAll(async () => {
  world = await createWorld();
  beta = await world.consortium.addParty('Beta', 'operator');
  world.registerApp({ clientId: 'shop', claims: ['phone_number', 'binding_changed_at'] });
});
afterAll(() => world.close());

async function subOf(
  operator: Party,
  handle: string,
  claims: Record<string, string | string[]> = {},
  app = 'shop',
) {
  const card = await issueCard(operator, world.clock, { handle, claims });
  const started = await (await world.relyingParty(app)).begin(
    app === 'shop' ? { scope: 'openid phone line' } : {},
  );
  const consent = await answerHere(world, started, card);
  return (await started.finish(await decide(started, consent, 'share'))).userinfo;
}

describe('the same account', () => {
  test('stays through SIM swap, new device and re-issue: same handle, same sub, re-binding visible', async () => {
    const handle = newHandle();
    const before = await subOf(world.operator, handle);
    const after = await subOf(world.operator, handle, { binding_changed_at: '2026-11-20' });
    expect(after.sub).toBe(before.sub);
    expect([before.binding_changed_at, after.binding_changed_at]).toEqual(['2026-01-02', '2026-11-20']);
  });

  test('stays through a change of number', async () => {
    const handle = newHandle();
    const before = await subOf(world.operator, handle);
    const after = await subOf(world.operator, handle, { phone_number: '+8613900002222' });
    expect(after.sub).toBe(before.sub);
  });

  test('two first sign-ins of one person at the same moment make one account', async () => {
    const handle = newHandle();
    const subs = await Promise.all([1, 2, 3].map(async () => (await subOf(world.operator, handle)).sub));
    expect(new Set(subs).size).toBe(1);
  });
});

describe('another account', () => {
  test('a recycled or transferred number: same number, new handle, new sub', async () => {
    const number = { phone_number: '+8613811112222' };
    const first = await subOf(world.operator, newHandle(), number);
    const second = await subOf(world.operator, newHandle(), number);
    expect(second.phone_number).toBe(first.phone_number);
    expect(second.sub).not.toBe(first.sub);
  });

  test('another operator that claims a handle without a hand-over', async () => {
    const handle = newHandle();
    const before = await subOf(world.operator, handle);
    expect((await subOf(beta, handle)).sub).not.toBe(before.sub);
    expect((await subOf(world.operator, handle)).sub).toBe(before.sub);
  });
});

describe('sectors [OIDC Core 8.1]', () => {
  const subAt = async (clientId: string, handle: string) =>
    (await subOf(world.operator, handle, {}, clientId)).sub;

  test('are apps: another redirect host changes no sub', async () => {
    const handle = newHandle();
    const uris = ['https://mover.example/cb'];
    world.registerApp({ clientId: 'mover', claims: ['phone_number'], redirectUris: uris });
    const before = await subAt('mover', handle);
    const more = [...uris, 'https://staging.example/cb'];
    world.registerApp({ clientId: 'mover', claims: ['phone_number'], redirectUris: more });
    expect(await subAt('mover', handle)).toBe(before);
    const moved = ['https://elsewhere.example/cb'];
    world.registerApp({ clientId: 'mover', claims: ['phone_number'], redirectUris: moved });
    expect(await subAt('mover', handle)).toBe(before);
  });

  test('are apps: two on one host know a person by different subs', async () => {
    const handle = newHandle();
    for (const clientId of ['tenant-a', 'tenant-b']) {
      const redirectUris = [`https://shared.example/${clientId}/cb`];
      world.registerApp({ clientId, claims: ['phone_number'], redirectUris });
    }
    expect(await subAt('tenant-a', handle)).not.toBe(await subAt('tenant-b', handle));
  });

  test('an app with redirect URIs on several hosts signs people in', async () => {
    world.registerApp({
      clientId: 'twohosts',
      redirectUris: ['https://one.example/cb', 'https://two.example/cb'],
    });
    const started = await (await world.relyingParty('twohosts')).begin({ scope: 'openid' });
    const consent = await answerHere(world, started, await issueCard(world.operator, world.clock));
    expect((await started.finish(await decide(started, consent, 'share'))).claims.sub).toBeTruthy();
  });
});

describe('the subject key', () => {
  test('rotates for new pairs of account and app; known ones keep their sub', async () => {
    const handle = newHandle();
    const before = await subOf(world.operator, handle);
    await world.restart({ subjectVersion: 2 });
    expect((await subOf(world.operator, handle)).sub).toBe(before.sub);
    const keys = await openBridgeKeys(world.platform.keyStore, 2);
    const [one, two] = [await keys.subject(1, 's', 'a'), await keys.subject(2, 's', 'a')];
    expect(one).not.toBe(two);
    await world.restart();
  });

  test('has versions beyond one byte', async () => {
    const handle = newHandle();
    await world.restart({ subjectVersion: 256 });
    const before = await subOf(world.operator, handle);
    await world.restart();
    expect((await subOf(world.operator, handle)).sub).toBe(before.sub);
    for (const version of [0, 1.5, 2 ** 32]) {
      await expect(openBridgeKeys(world.platform.keyStore, version)).rejects.toThrow(TypeError);
    }
  });

  test('is remembered under a name that shows neither app nor account', async () => {
    await subOf(world.operator, newHandle());
    const accounts = [...world.store.range('bridge/accounts')].map(([key]) => fromUtf8(key));
    const names = [...world.store.range('bridge/subject-versions')].map(([key]) => key);
    expect([...new Set(names.map(({ length }) => length))]).toEqual([32]);
    const text = names.map((key) => Buffer.from(key).toString('latin1')).join();
    for (const hidden of ['shop', ...accounts]) expect(text).not.toContain(hidden);
  });

  test('separates sector and account without ambiguity', async () => {
    const keys = await openBridgeKeys(world.platform.keyStore);
    expect(await keys.subject(1, 'ab', 'c')).not.toBe(await keys.subject(1, 'a', 'bc'));
    expect(await keys.accountIndex('ab', 'c')).not.toEqual(await keys.accountIndex('a', 'bc'));
  });
});
