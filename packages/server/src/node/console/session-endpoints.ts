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
  /** With what a party signs at present; undefined where nobody knows, or it has given its DID up. */
  readonly keysOf: (did: string) => Promise<string | undefined>;
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
    (handle: (request: HttpRequest) => HttpResponse | Promise<HttpResponse>): Route['handle'] =>
    (request) => {
      assertOwnPage(request, origin);
      return handle(request);
    };
  const route = (method: Route['method'], path: string, summary: string, handle: Route['handle']): Route => ({
    ...{ method, path: `${CONSOLE_API}${path}`, summary, errors: 'problem', handle },
  });
  const link = requireParty(authenticate, 'problem', async (_, { did }) => {
    if (!maySignIn(did)) throw fail('console_not_staff');
    return json(await offerLink(options, did), 201, NO_STORE);
  });
  const open = own(async (request) => {
    const session = sessions.open(codeOf(request));
    if (!(await isStillOf(options, session))) {
      sessions.close(session.secret);
      throw fail('console_link_invalid');
    }
    const headers = { ...NO_STORE, 'set-cookie': cookie.set(session, unixSeconds(clock)) };
    return json(describe(session), 201, headers);
  });
  const show = own(async (request) => json(describe(await sessionOf(options, request)), 200, NO_STORE));
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

/**
 * A link that signs that party in. The code stands behind `#`: no server and no log sees it.
 * @throws AppError console_not_staff where the party has no key
 */
export async function offerLink(
  { sessions, origin, keysOf }: Pick<SessionEndpointsOptions, 'sessions' | 'origin' | 'keysOf'>,
  did: string,
): Promise<{ readonly url: string; readonly expires: number }> {
  const keys = await keysOf(did);
  if (keys === undefined) throw fail('console_not_staff');
  const { secret, expires } = sessions.offer({ did, keys });
  return { url: `${origin}/console#${secret}`, expires };
}

/** Whether the party still signs with the keys that it had when its link was made. */
const isStillOf = async (
  { keysOf }: Pick<SessionEndpointsOptions, 'keysOf'>,
  { did, keys }: Session,
): Promise<boolean> => (await keysOf(did)) === keys;

/** The session of a request. One whose party has other keys by now has ended. @throws AppError console_signed_out */
export async function sessionOf(
  options: Pick<SessionEndpointsOptions, 'sessions' | 'cookie' | 'keysOf'>,
  request: Pick<HttpRequest, 'headers'>,
): Promise<Session> {
  const { sessions, cookie } = options;
  const secret = cookie.read(request);
  const session = secret === undefined ? undefined : sessions.find(secret);
  if (secret === undefined || !session) throw fail('console_signed_out');
  if (await isStillOf(options, session)) return session;
  sessions.close(secret);
  throw fail('console_signed_out');
}

/** @throws AppError console_link_invalid */
function codeOf({ body }: HttpRequest): string {
  try {
    return code.parse(JSON.parse(fromUtf8(body))).code;
  } catch {
    throw fail('console_link_invalid');
  }
}
