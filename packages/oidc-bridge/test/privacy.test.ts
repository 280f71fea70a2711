import { afterAll, beforeAll, expect, test } from 'vitest';
import { issueCard, newHandle } from '../../openid/test/verifier/support/consortium.ts';
import { answerHere, createWorld, decide, type World } from './support/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
  world.registerApp({ clientId: 'shop', claims: ['phone_number'] });
  world.registerApp({ clientId: 'forum', claims: [] });
});
afterAll(() => world.close());

const TABLES = [
  'bridge/records',
  'bridge/expiry',
  'bridge/groups',
  'bridge/accounts',
  'bridge/account-index',
  'bridge/subject-versions',
  'verifier/flows',
  'verifier/expiry',
];

const dump = (): string =>
  TABLES.flatMap((table) => [...world.store.range(table)])
    .map(([key, value]) => Buffer.from(key).toString('latin1') + Buffer.from(value).toString('latin1'))
    .join('\n');

test('store and logs hold no number, handle, token, sub or login_hint in clear, at any step', async () => {
  const handle = newHandle();
  const card = await issueCard(world.operator, world.clock, { handle });
  const started = await (await world.relyingParty('shop')).begin({ login_hint: '+8613800001111' });
  const steps = [dump()];
  const consent = await answerHere(world, started, card);
  steps.push(dump());
  const done = await decide(started, consent, 'share', { remember: true });
  steps.push(dump());
  const { claims, accessToken } = await started.finish(done);
  steps.push(dump(), world.logs.join('\n'));
  const code = new URL(done.url).searchParams.get('code') ?? '';
  for (const text of steps) {
    for (const hidden of ['13800001111', handle, claims.sub, accessToken, code])
      expect(text).not.toContain(hidden);
  }
});

test('two apps that put together all they know of a person share no value of it', async () => {
  const card = await issueCard(world.operator, world.clock);
  const seen: Set<string>[] = [];
  for (const clientId of ['shop', 'forum']) {
    const started = await (await world.relyingParty(clientId)).begin({ scope: 'openid' });
    const consent = await answerHere(world, started, card);
    const done = await decide(started, consent, 'nothing');
    const { claims, userinfo, accessToken } = await started.finish(done);
    const values = [
      ...Object.values(claims),
      ...Object.values(userinfo),
      accessToken,
      new URL(done.url).searchParams.get('code'),
    ];
    // Only what could single a person out: times and constants are the same for everybody.
    seen.push(
      new Set(
        values
          .map(String)
          .filter((value) => value.length >= 20 && !value.startsWith('http') && !value.startsWith('urn:')),
      ),
    );
  }
  const [one = new Set(), two = new Set()] = seen;
  expect([...one].filter((value) => two.has(value))).toEqual([]);
  expect(one.size).toBeGreaterThan(2);
});
