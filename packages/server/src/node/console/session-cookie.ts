import type { HttpRequest } from '@attestel/core';
import type { Secret } from './sessions.ts';

/** The cookie that holds a session's secret. */
export interface SessionCookie {
  read(request: Pick<HttpRequest, 'headers'>): string | undefined;
  set(session: Secret, now: number): string;
  clear(): string;
}

const SECRET = /^[A-Za-z0-9_-]{43}$/;

/**
 * Scripts do not see it, and no other site's requests carry it. Cookies do not know ports: the instance in its name
 * keeps nodes on one host apart.
 * @param origin of the node, as clients see it
 */
export function createSessionCookie(instance: string, origin: string): SessionCookie {
  const isSecure = origin.startsWith('https:');
  // RFC 6265bis §4.1.3.2: `__Host-` cannot be set by another host or over plain http.
  const name = `${isSecure ? '__Host-' : ''}${instance}-console`;
  const attributes = `Path=/; HttpOnly; SameSite=Strict${isSecure ? '; Secure' : ''}`;
  return {
    read({ headers }) {
      const values = (headers.cookie ?? '').split(';').map((part) => part.trim().split('='));
      const found = values.filter(([key]) => key === name).map(([, value = '']) => value);
      // Two of one name: one of them is somebody else's doing.
      return found.length === 1 && SECRET.test(found[0] ?? '') ? found[0] : undefined;
    },
    set: ({ secret, expires }, now) => `${name}=${secret}; Max-Age=${expires - now}; ${attributes}`,
    clear: () => `${name}=; Max-Age=0; ${attributes}`,
  };
}
