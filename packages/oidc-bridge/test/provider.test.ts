import * as openid from 'openid-client';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { issueCard } from '../../openid/test/verifier/support/consortium.ts';
import { createBrowser, type Page, problemIn } from './support/browser.ts';
import { answerHere, createWorld, decide, type World } from './support/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
  world.registerApp({ clientId: 'shop', claims: ['phone_number'] });
  world.registerApp({ clientId: 'public', authentication: 'none', claims: ['phone_number'] });
});
afterAll(() => world.close());

const errorOf = (page: Page) => new URL(page.url).searchParams.get('error');

const authUrl = (parameters: Record<string, string>) =>
  `${world.server.origin}/auth?${new URLSearchParams({ response_type: 'code', client_id: 'shop', redirect_uri: 'https://shop.example/cb', scope: 'openid', state: 's', ...parameters })}`;

const open = (parameters: Record<string, string>, headers: Record<string, string> = {}) =>
  createBrowser().get(authUrl(parameters), headers);

/** A whole sign-in up to the callback. */
async function codeFor(clientId = 'shop') {
  const app = await world.relyingParty(clientId);
  const started = await app.begin();
  const consent = await answerHere(world, started, await issueCard(world.operator, world.clock));
  return { app, started, answer: await decide(started, consent, 'share') };
}

describe('discovery', () => {
  test('is complete and says what is not there', async () => {
    const metadata = (await (
      await fetch(`${world.server.origin}/.well-known/openid-configuration`)
    ).json()) as Record<string, unknown>;
    expect(metadata).toMatchObject({
      issuer: world.server.origin,
      subject_types_supported: ['pairwise'],
      response_types_supported: ['code'],
      grant_types_supported: ['authorization_code'],
      acr_values_supported: ['urn:attestel:acr:same-device', 'urn:attestel:acr:xdev'],
      code_challenge_methods_supported: ['S256'],
      claims_parameter_supported: true,
      authorization_response_iss_parameter_supported: true,
      ui_locales_supported: ['zh-CN', 'en'],
      id_token_signing_alg_values_supported: ['RS256', 'ES256'],
    });
    expect(metadata.scopes_supported).toEqual(['openid', 'phone', 'line']);
    for (const absent of [
      'registration_endpoint',
      'device_authorization_endpoint',
      'introspection_endpoint',
      'backchannel_authentication_endpoint',
    ]) {
      expect(metadata).not.toHaveProperty(absent);
    }
  });

  test('speaks of the configured origin whatever Host a client sends', async () => {
    const response = await fetch(`${world.server.origin}/.well-known/openid-configuration`, {
      headers: { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https' },
    });
    expect(((await response.json()) as { token_endpoint: string }).token_endpoint).toBe(
      `${world.server.origin}/token`,
    );
  });

  test('publishes one RS256 and one ES256 key, public halves only', async () => {
    const { keys } = (await (await fetch(`${world.server.origin}/jwks`)).json()) as {
      keys: Record<string, string>[];
    };
    expect(keys.map(({ alg }) => alg)).toEqual(['RS256', 'ES256']);
    for (const key of keys) for (const secret of ['d', 'p', 'q']) expect(key).not.toHaveProperty(secret);
  });
});

describe('an app', () => {
  test('that is unknown, suspended, or whose member is suspended gets no redirect and no wallet', async () => {
    expect(problemIn(await open({ client_id: 'nobody' }))).toBe('app_not_active');
    world.registerApp({ clientId: 'gone', status: 'suspended' });
    expect(problemIn(await open({ client_id: 'gone', redirect_uri: 'https://gone.example/cb' }))).toBe(
      'app_not_active',
    );
    const sponsor = await world.consortium.addParty('Sponsor', 'operator');
    world.registerApp({ clientId: 'orphan', member: sponsor.did });
    const member = world.consortium.members.get(sponsor.did);
    if (member) world.consortium.members.set(sponsor.did, { ...member, status: 'suspended' });
    expect(problemIn(await open({ client_id: 'orphan', redirect_uri: 'https://orphan.example/cb' }))).toBe(
      'app_not_active',
    );
  });

  test('that is suspended in the middle of a sign-in gets nothing more', async () => {
    world.registerApp({ clientId: 'fleeting' });
    const started = await (await world.relyingParty('fleeting')).begin({ scope: 'openid' });
    world.registerApp({ clientId: 'fleeting', status: 'suspended' });
    expect(problemIn(await started.browser.get(started.page.url))).toBe('app_not_active');
  });

  test('must use a registered redirect URI, to the letter', async () => {
    for (const redirectUri of [
      'https://shop.example/cb/',
      'https://shop.example/cb?x=1',
      'http://shop.example/cb',
      'https://evil.example/cb',
      'https://shop.example.evil.example/cb',
    ]) {
      const page = await open({ redirect_uri: redirectUri });
      expect([page.status, problemIn(page)]).toEqual([400, 'request_refused']);
    }
  });

  test('that asks for a scope it is not registered for is sent back with invalid_scope', async () => {
    expect(errorOf(await open({ scope: 'openid line' }))).toBe('invalid_scope');
  });

  test('that asks for a claim it is not registered for is sent back with access_denied', async () => {
    for (const container of ['id_token', 'userinfo']) {
      const claims = JSON.stringify({ [container]: { country: null } });
      expect(errorOf(await open({ claims }))).toBe('access_denied');
    }
    expect(errorOf(await open({ claims: JSON.stringify({ id_token: { country: true } }) }))).toBe(
      'invalid_request',
    );
    expect(errorOf(await open({ claims: '{' }))).toBe('invalid_request');
  });

  test('cannot ask for anything but a code, nor post to the authorization endpoint', async () => {
    for (const responseType of ['token', 'id_token', 'code id_token', 'none']) {
      const page = await open({ response_type: responseType, nonce: 'n' });
      expect(page.url).toMatch(/error=unsupported_response_type/);
    }
    expect((await fetch(authUrl({}), { method: 'POST' })).status).toBe(404);
  });

  test('without a secret must use PKCE S256; with one it may leave PKCE out', async () => {
    const redirect = { client_id: 'public', redirect_uri: 'https://public.example/cb' };
    expect(errorOf(await open(redirect))).toBe('invalid_request');
    expect(
      errorOf(await open({ ...redirect, code_challenge: 'A'.repeat(43), code_challenge_method: 'plain' })),
    ).toBe('invalid_request');
    expect((await open({})).status).toBe(200);
  });
});

describe('secrets of apps', () => {
  test('are derived, differ, and change with the version in the registry', async () => {
    const first = await world.bridge.clientSecret('shop');
    world.registerApp({ clientId: 'other' });
    expect(await world.bridge.clientSecret('other')).not.toBe(first);
    world.registerApp({ clientId: 'other', secretVersion: 2 });
    const second = await world.bridge.clientSecret('other');
    world.registerApp({ clientId: 'other', secretVersion: 1 });
    expect(await world.bridge.clientSecret('other')).not.toBe(second);
    await world.restart();
    expect(await world.bridge.clientSecret('shop')).toBe(first);
    await expect(world.bridge.clientSecret('nobody')).rejects.toMatchObject({ code: 'app_unknown' });
  });

  test('authenticate at the token endpoint; a wrong one does not', async () => {
    const { answer } = await codeFor();
    const config = await openid.discovery(
      new URL(world.server.origin),
      'shop',
      'wrong',
      openid.ClientSecretBasic('wrong'),
      { execute: [openid.allowInsecureRequests] },
    );
    await expect(
      openid.authorizationCodeGrant(config, new URL(answer.url), { expectedState: openid.skipStateCheck }),
    ).rejects.toThrow();
  });
});

describe('a code', () => {
  test('works once; a replay ends the tokens it gave', async () => {
    const { started, answer } = await codeFor();
    const { accessToken } = await started.finish(answer);
    await expect(started.finish(answer)).rejects.toMatchObject({ error: 'invalid_grant' });
    const me = await fetch(`${world.server.origin}/me`, {
      headers: { authorization: `Bearer ${accessToken}` },
    });
    expect(me.status).toBe(401);
  });

  test('asked for several times at once gives tokens at most once', async () => {
    const { started, answer } = await codeFor();
    const results = await Promise.allSettled(Array.from({ length: 5 }, () => started.finish(answer)));
    expect(results.filter(({ status }) => status === 'fulfilled').length).toBeLessThanOrEqual(1);
  });

  test('of one app is nothing to another', async () => {
    const { answer } = await codeFor();
    const thief = await world.relyingParty('public');
    await expect(
      openid.authorizationCodeGrant(thief.config, new URL(answer.url), {
        expectedState: openid.skipStateCheck,
        pkceCodeVerifier: 'A'.repeat(43),
      }),
    ).rejects.toThrow();
  });

  test('is of no use without the PKCE verifier it was asked with', async () => {
    const { app, answer } = await codeFor();
    await expect(
      openid.authorizationCodeGrant(app.config, new URL(answer.url), {
        expectedState: openid.skipStateCheck,
        pkceCodeVerifier: 'B'.repeat(43),
      }),
    ).rejects.toMatchObject({ error: 'invalid_grant' });
  });
});

describe('a public client', () => {
  test('signs in with PKCE and no secret', async () => {
    const { started, answer } = await codeFor('public');
    expect((await started.finish(answer)).userinfo.phone_number).toBe('+8613800001111');
  });
});

describe('malformed requests', () => {
  test('are answered with 4xx and a body, never with 5xx', async () => {
    const { origin } = world.server;
    const requests: [string, RequestInit][] = [
      [`${origin}/auth`, {}],
      [`${origin}/auth?client_id=a&client_id=b`, {}],
      [`${origin}/token`, { method: 'POST' }],
      [`${origin}/token`, { method: 'POST', body: '{', headers: { 'content-type': 'application/json' } }],
      [`${origin}/token`, { method: 'POST', body: new URLSearchParams({ grant_type: 'x' }) }],
      [`${origin}/token`, { method: 'POST', body: new URLSearchParams({ code: 'x'.repeat(200_000) }) }],
      [`${origin}/me`, { headers: { authorization: 'Bearer x' } }],
      [`${origin}/session/end?id_token_hint=x`, {}],
      [`${origin}/interaction/none`, {}],
      [`${origin}/interaction/none/return?response_code=x`, {}],
      [`${origin}/interaction/none/state`, {}],
      [
        `${origin}/interaction/none/consent`,
        { method: 'POST', body: new URLSearchParams({ decision: 'x'.repeat(10_000) }) },
      ],
    ];
    for (const [url, init] of requests) {
      const response = await fetch(url, { redirect: 'manual', ...init });
      expect([url, response.status >= 400 && response.status < 500]).toEqual([url, true]);
      expect((await response.text()).length).toBeGreaterThan(10);
    }
  });
});

describe('a disk that refuses', () => {
  const refuseOnce = () =>
    vi.spyOn(world.store, 'transact').mockRejectedValueOnce(new Error('disk full at /secret'));
  afterEach(() => vi.restoreAllMocks());

  test('lets no page or cookie leave that stands on what was not written', async () => {
    refuseOnce();
    const answer = await fetch(`${world.server.origin}/session/end`, { headers: { accept: 'text/html' } });
    expect([answer.status, answer.headers.getSetCookie(), answer.headers.get('location')]).toEqual([
      500,
      [],
      null,
    ]);
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(answer.headers.get('content-type')).toContain('text/html');
    const text = await answer.text();
    expect(text).toContain('data-problem="internal"');
    expect(text).not.toContain('secret');
    expect(world.logs.at(-1)).toMatch(/provider\.withdrawn.*disk full/);
  });

  test('gives no token, and leaves the code for another try', async () => {
    const { started, answer } = await codeFor();
    refuseOnce();
    await expect(started.finish(answer)).rejects.toMatchObject({ cause: { status: 500 } });
    expect((await started.finish(answer)).claims.sub).toMatch(/^[\w-]{43}$/);
  });
});
