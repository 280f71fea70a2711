import { describe, expect, it } from 'vitest';
import { createSessionCookie } from '../../../src/node/console/session-cookie.ts';
import { createSessions } from '../../../src/node/console/sessions.ts';

const STAFF = { did: 'did:mno:demo:a', keys: 'key-1' };

function open(sessionSeconds = 600) {
  const clock = { seconds: 1_800_000_000, now: () => clock.seconds * 1000 };
  let drawn = 0;
  const random = {
    bytes(length: number) {
      drawn += 1;
      return Uint8Array.from({ length }, (_, i) => (drawn >> (8 * (i % 2))) & 0xff);
    },
  };
  return { clock, sessions: createSessions({ clock, random, sessionSeconds }) };
}

describe('sessions of the console', () => {
  it('are opened by a link, once, for the party that asked for it', () => {
    const { sessions } = open();
    const { secret } = sessions.offer(STAFF);
    const session = sessions.open(secret);
    expect(sessions.find(session.secret)).toEqual({ ...STAFF, expires: session.expires });
    expect(() => sessions.open(secret)).toThrow(expect.objectContaining({ code: 'console_link_invalid' }));
  });

  it('are not opened by a link of a minute ago, a session’s secret, or nothing', () => {
    const { sessions, clock } = open();
    const session = sessions.open(sessions.offer(STAFF).secret);
    const late = sessions.offer(STAFF);
    clock.seconds = late.expires;
    for (const code of [late.secret, session.secret, ''])
      expect(() => sessions.open(code)).toThrow(expect.objectContaining({ code: 'console_link_invalid' }));
    expect(sessions.find(sessions.offer(STAFF).secret)).toBeUndefined();
  });

  it('end by time and by signing out', () => {
    const { sessions, clock } = open(600);
    const [one, other] = [STAFF, STAFF].map((staff) => sessions.open(sessions.offer(staff).secret));
    sessions.close(one?.secret ?? '');
    expect(sessions.find(one?.secret ?? '')).toBeUndefined();
    clock.seconds += 599;
    expect(sessions.find(other?.secret ?? '')?.did).toBe(STAFF.did);
    clock.seconds += 1;
    expect(sessions.find(other?.secret ?? '')).toBeUndefined();
  });

  it('keep a bounded number of links: the oldest makes room', () => {
    const { sessions } = open();
    const links = Array.from({ length: 65 }, () => sessions.offer(STAFF).secret);
    expect(() => sessions.open(links[0] ?? '')).toThrow();
    expect(sessions.open(links[1] ?? '').did).toBe(STAFF.did);
  });
});

describe('the cookie of a session', () => {
  const secret = 'a'.repeat(43);
  const request = (cookie: string | undefined) => ({ headers: { cookie } });

  it('is for no script, no other site and, over TLS, no other host', () => {
    const cookie = createSessionCookie('zhonglian', 'https://node.example');
    expect(cookie.set({ secret, expires: 160 }, 100)).toBe(
      `__Host-zhonglian-console=${secret}; Max-Age=60; Path=/; HttpOnly; SameSite=Strict; Secure`,
    );
    expect(cookie.clear()).toContain('Max-Age=0');
  });

  it('is of one node, though others are on the same host', () => {
    const [one, other] = ['a', 'b'].map((instance) => createSessionCookie(instance, 'http://localhost:4101'));
    const [sent = ''] = one?.set({ secret, expires: 160 }, 100).split(';') ?? [];
    expect(one?.read(request(`x=1; ${sent}`))).toBe(secret);
    expect(other?.read(request(sent))).toBeUndefined();
  });

  it.each([
    undefined,
    '',
    'a-console=short',
    `a-console=${secret}; a-console=${'b'.repeat(43)}`,
    `b=${secret}`,
  ])('is not read from %j', (header) => {
    expect(createSessionCookie('a', 'http://localhost:4101').read(request(header))).toBeUndefined();
  });
});
