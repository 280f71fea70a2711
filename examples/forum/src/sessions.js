import { randomBytes } from 'node:crypto';

const NAME = 'forum_session'; // cookies know no ports: on localhost every app needs a name of its own
const LIMIT = 10_000;

/** Sessions in memory: a real forum would keep them in its database. */
export function createSessions({ secure }) {
  const sessions = new Map();
  const cookie = (value, seconds) =>
    `${NAME}=${value}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${seconds}${secure ? '; Secure' : ''}`;

  return {
    /** Makes a session and returns its `set-cookie` value. */
    start(data, seconds) {
      const id = randomBytes(32).toString('base64url');
      if (sessions.size >= LIMIT) sessions.delete(sessions.keys().next().value); // the oldest
      sessions.set(id, { ...data, id, expires: Date.now() + seconds * 1000 });
      return cookie(id, seconds);
    },

    of(header = '') {
      const id = new RegExp(`(?:^|;\\s*)${NAME}=([\\w-]{43})(?:;|$)`).exec(header)?.[1];
      const session = sessions.get(id);
      if (session && session.expires > Date.now()) return session;
      sessions.delete(id);
      return undefined;
    },

    /** Forgets a session and returns the `set-cookie` value that clears it. */
    end(session) {
      sessions.delete(session?.id);
      return cookie('', 0);
    },
  };
}
