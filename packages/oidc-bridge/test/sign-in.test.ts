import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { issueCard } from '../../openid/test/verifier/support/consortium.ts';
import { answerHere, createWorld, decide, type World } from './support/world.ts';

describe('signing in on one device', () => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld();
    world.registerApp({ clientId: 'shop', claims: ['phone_number'] });
    world.registerApp({ clientId: 'forum', claims: ['phone_number'] });
  });
  afterAll(() => world.close());

  test('an app gets a pairwise sub and what the person agreed to', async () => {
    const card = await issueCard(world.operator, world.clock);
    const shop = await world.relyingParty('shop');
    const started = await shop.begin();
    expect(started.page.status).toBe(200);
    const consent = await answerHere(world, started, card);
    expect(consent.status).toBe(200);
    const done = await decide(started, consent, 'share');
    const { claims, userinfo } = await started.finish(done);
    expect(claims).toMatchObject({
      phone_number: '+8613800001111',
      phone_number_verified: true,
      acr: 'urn:attestel:acr:same-device',
      amr: ['pop', 'user'],
    });
    expect(userinfo).toMatchObject({ sub: claims.sub, phone_number: '+8613800001111' });
    expect(Buffer.from(claims.sub, 'base64url').length).toBe(32);
  });
});
