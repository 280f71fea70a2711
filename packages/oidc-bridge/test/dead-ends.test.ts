import { generateKeyPairSync } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { issueCard } from '../../openid/test/verifier/support/consortium.ts';
import { present } from '../../openid/test/verifier/support/wallet.ts';
import { type Page, problemIn, walletLink } from './support/browser.ts';
import { answerHere, createWorld, decide, shownOn, type World } from './support/world.ts';

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });

let world: World;
beforeAll(async () => {
  world = await createWorld();
  world.registerApp({ clientId: 'shop', claims: ['phone_number'] });
  world.registerApp({
    clientId: 'keyed',
    authentication: 'private_key_jwt',
    jwks: JSON.stringify({ keys: [{ ...publicKey.export({ format: 'jwk' }), alg: 'ES256', kid: 'one' }] }),
  });
});
afterAll(() => world.close());

const errorOf = (page: Page): string | null => new URL(page.url).searchParams.get('error');
const shop = () => world.relyingParty('shop');
const newCard = () => issueCard(world.operator, world.clock);

async function signIn(parameters: Record<string, string> = {}) {
  const card = await newCard();
  const started = await (await shop()).begin(parameters);
  const consent = await answerHere(world, started, card);
  const done = await decide(started, consent, 'share', { remember: true });
  await started.finish(done);
  return { started };
}

describe('an essential acr that no sign-in reaches', () => {
  test.each([{ value: 'urn:example:gold' }, { values: ['urn:example:gold'] }])(
    '%o goes back to the app before a wallet is asked',
    async (wanted) => {
      const claims = JSON.stringify({ id_token: { acr: { essential: true, ...wanted } } });
      const { page } = await (await shop()).begin({ claims });
      expect(errorOf(page)).toBe('unmet_authentication_requirements');
    },
  );
});

describe('without oidc-provider’s cookie', () => {
  test.each(['consent', 'cancel'])('the form %s says that the sign-in has expired', async (form) => {
    const started = await (await shop()).begin();
    const shown = shownOn(await answerHere(world, started, await newCard()));
    const { cookies } = started.browser;
    cookies.splice(0, cookies.length, ...cookies.filter(({ name }) => !name.endsWith('-interaction')));
    const fields = [['decision', 'share'] as const, ['shown', shown] as const];
    const page = await started.browser.submit(`${started.page.url}/${form}`, fields);
    expect([page.status, problemIn(page)]).toEqual([410, 'login_expired']);
  });
});

test('a suspended bridge signs nobody in silently', async () => {
  const { started } = await signIn();
  const record = world.consortium.bridges.get(world.platform.did);
  if (!record) throw new TypeError('no bridge');
  const app = await shop();
  world.consortium.bridges.set(record.did, { ...record, status: 'suspended' });
  const silent = await app.begin({ prompt: 'none' }, started.browser);
  const asked = await app.begin({}, started.browser);
  world.consortium.bridges.set(record.did, record);
  expect(errorOf(silent.page)).toBe('login_required');
  expect(problemIn(asked.page)).toBe('bridge_not_active');
  expect(errorOf((await app.begin({ prompt: 'none' }, started.browser)).page)).toBeNull();
});

describe('an app that names who should come', () => {
  test('gets login_required when somebody else signs in, and the same person is let in', async () => {
    const app = await shop();
    const first = await app.begin();
    const card = await newCard();
    const consent = await answerHere(world, first, card);
    const done = await decide(first, consent, 'share', { remember: true });
    const { idToken: hint } = await first.finish(done);
    const other = await app.begin({ id_token_hint: hint });
    const otherConsent = await answerHere(world, other, await newCard());
    const refused = await decide(other, otherConsent, 'share');
    expect(errorOf(refused)).toBe('login_required');
    const claims = JSON.stringify({ id_token: { sub: { value: 'somebody' } } });
    const third = await app.begin({ claims });
    const thirdConsent = await answerHere(world, third, await newCard());
    expect(errorOf(await decide(third, thirdConsent, 'share'))).toBe('login_required');
    const same = await app.begin({ id_token_hint: hint });
    expect(errorOf(await answerHere(world, same, card))).toBeNull();
  });
});

describe('the page loaded again while the browser is on its way back', () => {
  test('spoils nothing for ten seconds', async () => {
    const started = await (await shop()).begin();
    const { body } = await present(walletLink(started.page), await newCard(), world.consortium.resolver);
    const page = await started.browser.get(started.page.url);
    expect(walletLink(page)).toBe(walletLink(started.page));
    const consent = await started.browser.get(body.redirect_uri ?? '');
    expect((await started.finish(await decide(started, consent, 'share'))).claims.sub).toBeTruthy();
  });

  test('offers a new request after that', async () => {
    const started = await (await shop()).begin();
    await present(walletLink(started.page), await newCard(), world.consortium.resolver, {
      clock: world.clock,
    });
    world.consortium.clock.advance(11);
    const page = await started.browser.get(started.page.url);
    expect(walletLink(page)).not.toBe(walletLink(started.page));
  });
});

describe('a client assertion', () => {
  const statusFor = async (aud: string | string[]): Promise<unknown> => {
    const assertion = await new SignJWT({ jti: crypto.randomUUID() })
      .setProtectedHeader({ alg: 'ES256', kid: 'one' })
      .setIssuer('keyed')
      .setSubject('keyed')
      .setAudience(aud)
      .setIssuedAt()
      .setExpirationTime('1m')
      .sign(privateKey);
    const response = await fetch(`${world.server.origin}/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'authorization_code',
        code: 'none',
        redirect_uri: 'https://keyed.example/cb',
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: assertion,
      }),
    });
    return ((await response.json()) as { error: string }).error;
  };

  test('counts when made for the issuer, and for nothing else [RFC 7523bis]', async () => {
    const { origin } = world.server;
    expect(await statusFor(origin)).toBe('invalid_grant');
    for (const aud of [`${origin}/token`, [origin], 'https://evil.example']) {
      expect(await statusFor(aud)).toBe('invalid_client');
    }
  });
});

test('an absolute request target does not change what the provider takes for its address', async () => {
  const { hostname, port } = new URL(world.server.origin);
  const text = await new Promise<string>((resolve, reject) => {
    const path = 'http://evil.example/.well-known/openid-configuration';
    httpRequest({ hostname, port, path }, (response) => {
      let body = '';
      response.on('data', (chunk) => {
        body += chunk;
      });
      response.on('end', () => resolve(body));
    })
      .on('error', reject)
      .end();
  });
  expect(text).toContain(`"${world.server.origin}/token"`);
  expect(text).not.toContain('evil.example');
});
