import { type Clock, type Random, sha256, toBase64url, unixSeconds, utf8 } from '@attestel/core';
import { fail } from '../../errors.ts';

/** Whom a link or session is for. */
export interface Signer {
  readonly did: string;
  /** Those that signed tokens for the party when the link was made: with any of them ends the session. */
  readonly keys: string;
}

export interface Session extends Signer {
  /** Unix seconds, exclusive. */
  readonly expires: number;
}

/** A secret that is shown once: the store keeps its hash. */
export interface Secret {
  readonly secret: string;
  readonly expires: number;
}

/** Who is signed in to the console. In memory alone: a node that starts anew knows nobody. */
export interface Sessions {
  /** A code that opens one session of that party, within a minute. */
  offer(signer: Signer): Secret;
  /** @throws AppError console_link_invalid: unknown, used or too old */
  open(code: string): Session & Secret;
  find(secret: string): Session | undefined;
  close(secret: string): void;
}

export interface SessionsOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly sessionSeconds: number;
}

const LINK_SECONDS = 60;
const SECRET_BYTES = 32;
/** The oldest makes room: only those who may sign in fill these. */
const MAX_LINKS = 64;
const MAX_SESSIONS = 1024;

export function createSessions({ clock, random, sessionSeconds }: SessionsOptions): Sessions {
  const links = new Map<string, Session>();
  const sessions = new Map<string, Session>();
  const now = (): number => unixSeconds(clock);
  const keep = (map: Map<string, Session>, { did, keys }: Signer, seconds: number, limit: number): Secret => {
    const [oldest] = map.keys();
    if (map.size >= limit && oldest !== undefined) map.delete(oldest);
    const secret = toBase64url(random.bytes(SECRET_BYTES));
    const expires = now() + seconds;
    map.set(keyOf(secret), { did, keys, expires });
    return { secret, expires };
  };
  const live = (map: Map<string, Session>, secret: string): Session | undefined => {
    const found = map.get(keyOf(secret));
    if (found && found.expires > now()) return found;
    map.delete(keyOf(secret));
    return undefined;
  };
  return {
    offer: (signer) => keep(links, signer, LINK_SECONDS, MAX_LINKS),
    open(code) {
      const link = live(links, code);
      links.delete(keyOf(code));
      if (!link) throw fail('console_link_invalid');
      const { did, keys } = link;
      return { did, keys, ...keep(sessions, link, sessionSeconds, MAX_SESSIONS) };
    },
    find: (secret) => live(sessions, secret),
    close: (secret) => void sessions.delete(keyOf(secret)),
  };
}

/** What is looked up is a hash, so that the time it takes says nothing of secrets. */
const keyOf = (secret: string): string => toBase64url(sha256(utf8(secret)));
