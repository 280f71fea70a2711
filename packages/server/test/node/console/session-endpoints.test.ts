import {
  type HttpRequest,
  type HttpResponse,
  type Route,
  systemClock,
  systemRandom,
  utf8,
} from '@attestel/core';
import { describe, expect, it } from 'vitest';
import { createSessionCookie } from '../../../src/node/console/session-cookie.ts';
import { sessionEndpoints, sessionOf } from '../../../src/node/console/session-endpoints.ts';
import { createSessions } from '../../../src/node/console/sessions.ts';

const ORIGIN = 'http://localhost:4101';
const [STAFF, STRANGER] = ['did:mno:demo:staff', 'did:mno:demo:stranger'];
const OWN = { 'attestel-console': '1' };

function desk() {
  const sessions = createSessions({ clock: systemClock, random: systemRandom, sessionSeconds: 60 });
  const cookie = createSessionCookie('a', ORIGIN);
  const keys = { now: 'key-1' as string | undefined };
  const keysOf = async (): Promise<string | undefined> => keys.now;
  const routes = sessionEndpoints({
    ...{ sessions, cookie, clock: systemClock, origin: ORIGIN, keysOf },
    authenticate: async ({ headers }) => ({ did: headers.authorization ?? '' }),
    maySignIn: (did) => did === STAFF,
    describe: ({ did }) => ({ did }),
  });
  const call = async (
    method: Route['method'],
    path: string,
    headers: HttpRequest['headers'],
    body: unknown = {},
  ): Promise<HttpResponse> => {
    const route = routes.find((one) => one.method === method && one.path === `/console/api${path}`) as Route;
    const request = { method, url: new URL(`${ORIGIN}${route.path}`), params: {}, headers };
    return route.handle({ ...request, body: utf8(JSON.stringify(body)) } as unknown as HttpRequest);
  };
  const linkFor = async (did: string): Promise<string> => {
    const answer = await call('POST', '/links', { authorization: did });
    return (JSON.parse(String(answer.body)) as { url: string }).url;
  };
  const signIn = async (): Promise<string> => {
    const code = (await linkFor(STAFF)).split('#')[1];
    const answer = await call('POST', '/session', OWN, { code });
    return String(answer.headers?.['set-cookie']).split(';')[0] ?? '';
  };
  return { call, linkFor, signIn, sessions, cookie, keys, keysOf };
}

const refusal = (code: string) => expect.objectContaining({ code });

describe('signing in to the console', () => {
  it('takes a link for the party, and then its cookie', async () => {
    const { call, signIn } = desk();
    const cookie = await signIn();
    const answer = await call('GET', '/session', { ...OWN, cookie });
    expect(JSON.parse(String(answer.body))).toEqual({ did: STAFF });
    expect(answer.headers?.['cache-control']).toBe('no-store');
  });

  it('puts the code where no server sees it', async () => {
    const url = new URL(await desk().linkFor(STAFF));
    expect([url.origin, url.pathname, url.search]).toEqual([ORIGIN, '/console', '']);
    expect(url.hash).toMatch(/^#[\w-]{43}$/);
  });

  it('gives no link to who is not of the staff', async () => {
    await expect(desk().linkFor(STRANGER)).rejects.toEqual(refusal('console_not_staff'));
  });

  it('ends with signing out, wherever the cookie still is', async () => {
    const { call, signIn, ...parts } = desk();
    const header = await signIn();
    expect((await call('DELETE', '/session', { ...OWN, cookie: header })).status).toBe(204);
    const asking = sessionOf(parts, { headers: { cookie: header } });
    await expect(asking).rejects.toEqual(refusal('console_signed_out'));
  });

  it.each([
    ['other keys', 'key-2'],
    ['no key any more', undefined],
  ])('ends with the keys of the party: %s, and for good', async (_, now) => {
    const { call, signIn, keys } = desk();
    const cookie = await signIn();
    keys.now = now;
    const ask = () => call('GET', '/session', { ...OWN, cookie });
    await expect(ask()).rejects.toEqual(refusal('console_signed_out'));
    keys.now = 'key-1';
    await expect(ask()).rejects.toEqual(refusal('console_signed_out'));
  });

  it('does not begin by a link that was made with keys of before, nor for a party without any', async () => {
    const { call, linkFor, keys } = desk();
    const code = (await linkFor(STAFF)).split('#')[1];
    keys.now = 'key-2';
    await expect(call('POST', '/session', OWN, { code })).rejects.toEqual(refusal('console_link_invalid'));
    keys.now = undefined;
    await expect(linkFor(STAFF)).rejects.toEqual(refusal('console_not_staff'));
  });

  it.each<[string, HttpRequest['headers']]>([
    ['without its header, which no other origin may send', {}],
    ['from another port of this host', { ...OWN, origin: 'http://localhost:3000' }],
    ['that a browser says to come from another origin', { ...OWN, 'sec-fetch-site': 'same-site' }],
    ['with another value in its header', { 'attestel-console': 'true' }],
  ])('refuses a request %s', async (_, headers) => {
    const { call, signIn } = desk();
    const cookie = await signIn();
    for (const method of ['GET', 'DELETE'] as const) {
      const asked = call(method, '/session', { ...headers, cookie });
      await expect(asked).rejects.toEqual(refusal('console_foreign_request'));
    }
  });

  it.each([[{}], [{ code: 'x' }], [{ code: 'a'.repeat(43) }], [{ code: 'a'.repeat(43), more: 1 }], [[]]])(
    'opens nothing for %j',
    async (body) => {
      await expect(desk().call('POST', '/session', OWN, body)).rejects.toEqual(
        refusal('console_link_invalid'),
      );
    },
  );
});
