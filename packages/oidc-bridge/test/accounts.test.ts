import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  issueCard,
  newHandle,
  type Party,
  portingRecord,
} from '../../openid/test/verifier/support/consortium.ts';
import { sectorOf } from '../src/accounts/sector.ts';
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

async function subOf(operator: Party, handle: string, claims: Record<string, string | string[]> = {}) {
  const card = await issueCard(operator, world.clock, { handle, claims });
  const started = await (await world.relyingParty('shop')).begin({ scope: 'openid phone line' });
  const consent = await answerHere(world, started, card);
  return (await started.finish(await decide(started, consent, 'share'))).claims;
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

  test('moves with a ported line, and the card left behind opens nothing of it', async () => {
    const handle = newHandle();
    const before = await subOf(world.operator, handle);
    const records = [await portingRecord(world.operator, beta, handle, world.clock)];
    const ported = await subOf(beta, handle, { porting_records: records });
    expect(ported.sub).toBe(before.sub);
    expect((await subOf(beta, handle, { porting_records: records })).sub).toBe(before.sub);
    expect((await subOf(world.operator, handle)).sub).not.toBe(before.sub);
  });

  test('is found over two hand-overs though nobody signed in between', async () => {
    const gamma = await world.consortium.addParty('Gamma', 'operator');
    const handle = newHandle();
    const before = await subOf(world.operator, handle);
    const records = [
      await portingRecord(world.operator, beta, handle, world.clock),
      await portingRecord(beta, gamma, handle, world.clock),
    ];
    expect((await subOf(gamma, handle, { porting_records: records })).sub).toBe(before.sub);
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

  test('two first sign-ins of one person at the same moment make one account', async () => {
    const handle = newHandle();
    const subs = await Promise.all([1, 2, 3].map(async () => (await subOf(world.operator, handle)).sub));
    expect(new Set(subs).size).toBe(1);
  });
});

describe('sectors [OIDC Core 8.1]', () => {
  test('are the host with port of the redirect URIs; several hosts make an app a sector of its own', () => {
    const uris = ['https://a.example:8443/cb', 'https://a.example:8443/other'];
    expect(sectorOf({ clientId: 'a', redirectUris: uris })).toBe('a.example:8443');
    expect(sectorOf({ clientId: 'b', redirectUris: [...uris, 'https://b.example/cb'] })).toBe('client:b');
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

  test('separates sector and account without ambiguity', async () => {
    const keys = await openBridgeKeys(world.platform.keyStore);
    expect(await keys.subject(1, 'ab', 'c')).not.toBe(await keys.subject(1, 'a', 'bc'));
    expect(await keys.accountIndex('ab', 'c')).not.toEqual(await keys.accountIndex('a', 'bc'));
  });
});
