import { createHash, timingSafeEqual } from 'node:crypto';
import { type HttpRequest, toBase64url } from '@attestel/core';
import type { BridgeContext } from '../options.ts';

/** The browser's own secret: whoever finishes a sign-in shows it, whatever else they know. */
export interface BrowserCookie {
  read(request: HttpRequest): string | undefined;
  /** The secret of the request, or a fresh one with the header that sets it. */
  ensure(request: HttpRequest): { readonly secret: string; readonly header: string | undefined };
  digest(secret: string): string;
  /** Constant time. */
  matches(request: HttpRequest, digest: string): boolean;
}

const SECRET = /^[A-Za-z0-9_-]{43}$/;

export function createBrowserCookie({
  secure,
  options: { instance, random },
}: Pick<BridgeContext, 'secure' | 'options'>): BrowserCookie {
  // RFC 6265bis §4.1.3.2: `__Host-` cannot be set by another host or over plain http.
  const name = `${secure ? '__Host-' : ''}${instance}-browser`;
  const attributes = `Path=/; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`;
  const digest = (secret: string): string =>
    createHash('sha256').update('attestel/bridge/browser/v1\0').update(secret).digest('base64url');
  const read = (request: HttpRequest): string | undefined => {
    const value = cookieOf(request.headers.cookie ?? '', name);
    return value !== undefined && SECRET.test(value) ? value : undefined;
  };
  return {
    read,
    digest,
    ensure(request) {
      const known = read(request);
      if (known !== undefined) return { secret: known, header: undefined };
      const secret = toBase64url(random.bytes(32));
      return { secret, header: `${name}=${secret}; ${attributes}` };
    },
    matches(request, stored) {
      const secret = read(request);
      return secret !== undefined && timingSafeEqual(Buffer.from(digest(secret)), Buffer.from(stored));
    },
  };
}

function cookieOf(header: string, name: string): string | undefined {
  for (const part of header.split(';')) {
    const at = part.indexOf('=');
    if (at > 0 && part.slice(0, at).trim() === name) return part.slice(at + 1).trim();
  }
  return undefined;
}
