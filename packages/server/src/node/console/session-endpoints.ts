import {
  type Clock,
  fromUtf8,
  type HttpRequest,
  type HttpResponse,
  json,
  type Route,
  unixSeconds,
} from '@attestel/core';
import { type PartyAuthenticator, requireParty } from '@attestel/did';
import { z } from 'zod';
import { fail } from '../../errors.ts';
import { assertOwnPage } from './own-page.ts';
import type { SessionCookie } from './session-cookie.ts';
import type { Session, Sessions } from './sessions.ts';

export interface SessionEndpointsOptions {
  readonly sessions: Sessions;
  readonly cookie: SessionCookie;
  readonly clock: Clock;
  /** Origin of the node, as browsers see it. */
  readonly origin: string;
  /** By party token: who asks for a link. */
  readonly authenticate: PartyAuthenticator;
  readonly maySignIn: (did: string) => boolean;
  /** What the page is told of the one who has signed in. */
  readonly describe: (session: Session) => object;
}

export const CONSOLE_API = '/console/api';
const NO_STORE = { 'cache-control': 'no-store' };
const code = z.strictObject({ code: z.string().regex(/^[A-Za-z0-9_-]{43}$/) });

/** Signing in and out: a party token buys a link, the link once a session, the session's cookie the rest. */
export function sessionEndpoints(options: SessionEndpointsOptions): readonly Route[] {
  const { sessions, cookie, clock, origin, authenticate, maySignIn, describe } = options;
  const own =
    (handle: (request: HttpRequest) => HttpResponse): Route['handle'] =>
    (request) => {
      assertOwnPage(request, origin);
      return handle(request);
    };
  const route = (method: Route['method'], path: string, summary: string, handle: Route['handle']): Route => ({
    ...{ method, path: `${CONSOLE_API}${path}`, summary, errors: 'problem', handle },
  });
  const link = requireParty(authenticate, 'problem', (_, { did }) => {
    if (!maySignIn(did)) throw fail('console_not_staff');
    const { secret, expires } = sessions.offer(did);
    return json({ url: consoleLink(origin, secret), expires }, 201, NO_STORE);
  });
  const open = own((request) => {
    const session = sessions.open(codeOf(request));
    const headers = { ...NO_STORE, 'set-cookie': cookie.set(session, unixSeconds(clock)) };
    return json(describe(session), 201, headers);
  });
  const show = own((request) => json(describe(sessionOf(options, request)), 200, NO_STORE));
  const close = own((request) => {
    const secret = cookie.read(request);
    if (secret !== undefined) sessions.close(secret);
    return { status: 204, headers: { ...NO_STORE, 'set-cookie': cookie.clear() }, body: null };
  });
  return [
    route('POST', '/links', 'A link that signs the caller in to the console, once', link),
    { ...route('POST', '/session', 'Signs in by the code of a link', open), accepts: ['application/json'] },
    route('GET', '/session', 'Who has signed in, and what there is to see', show),
    route('DELETE', '/session', 'Signs out', close),
  ];
}

/** The code stands behind `#`: no server and no log sees it. */
export const consoleLink = (origin: string, secret: string): string => `${origin}/console#${secret}`;

/** @throws AppError console_signed_out */
export function sessionOf(
  { sessions, cookie }: Pick<SessionEndpointsOptions, 'sessions' | 'cookie'>,
  request: Pick<HttpRequest, 'headers'>,
): Session {
  const secret = cookie.read(request);
  const session = secret === undefined ? undefined : sessions.find(secret);
  if (!session) throw fail('console_signed_out');
  return session;
}

/** @throws AppError console_link_invalid */
function codeOf({ body }: HttpRequest): string {
  try {
    return code.parse(JSON.parse(fromUtf8(body))).code;
  } catch {
    throw fail('console_link_invalid');
  }
}
