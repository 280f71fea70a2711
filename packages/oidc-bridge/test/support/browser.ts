/** As much of a browser as a sign-in without script needs: cookies by path, redirects, forms. */
export interface Browser {
  get(url: string, headers?: Record<string, string>): Promise<Page>;
  submit(
    url: string,
    fields: readonly (readonly [string, string])[],
    headers?: Record<string, string>,
  ): Promise<Page>;
  readonly cookies: Cookie[];
}

export interface Page {
  readonly url: string;
  readonly status: number;
  readonly text: string;
  readonly headers: Headers;
}

interface Cookie {
  readonly host: string;
  readonly name: string;
  readonly value: string;
  readonly path: string;
  readonly raw: string;
}

/** Follows redirects as far as `stopAt`, usually the app's callback, which no server of the test answers. */
export function createBrowser(stopAt = 'https://'): Browser {
  const cookies: Cookie[] = [];
  const send = async (url: string, init: RequestInit, hops = 0): Promise<Page> => {
    if (url.startsWith(stopAt) || hops > 10) return { url, status: 0, text: '', headers: new Headers() };
    const target = new URL(url);
    const cookie = cookies
      .filter((c) => c.host === target.host && target.pathname.startsWith(c.path))
      .map((c) => `${c.name}=${c.value}`)
      .join('; ');
    const response = await fetch(url, {
      ...init,
      redirect: 'manual',
      headers: { ...(init.headers as Record<string, string>), ...(cookie ? { cookie } : {}) },
    });
    for (const raw of response.headers.getSetCookie()) keep(cookies, target, raw);
    const location = response.headers.get('location');
    if (location && response.status >= 300 && response.status < 400) {
      return send(new URL(location, url).href, init.headers ? { headers: init.headers } : {}, hops + 1);
    }
    return { url, status: response.status, text: await response.text(), headers: response.headers };
  };
  return {
    cookies,
    get: (url, headers = {}) => send(url, { headers }),
    submit: (url, fields, headers = {}) =>
      send(url, { method: 'POST', headers, body: new URLSearchParams(fields.map((f) => [...f])) }),
  };
}

function keep(cookies: Cookie[], target: URL, raw: string): void {
  const [pair = '', ...attributes] = raw.split(';').map((part) => part.trim());
  const at = pair.indexOf('=');
  const path = attributes.find((a) => a.toLowerCase().startsWith('path='))?.slice(5) ?? '/';
  const name = pair.slice(0, at);
  const gone = attributes.some((a) => /^expires=thu, 01 jan 1970/i.test(a)) || pair.slice(at + 1) === '';
  const before = cookies.findIndex((c) => c.host === target.host && c.name === name && c.path === path);
  if (before >= 0) cookies.splice(before, 1);
  if (!gone) cookies.push({ host: target.host, name, value: pair.slice(at + 1), path, raw });
}

const unescapeHtml = (text: string): string =>
  text.replace(
    /&(amp|lt|gt|quot|#39);/g,
    (_, name: string) => ({ amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" })[name] ?? '',
  );

/** Link to the wallet on this device. */
export const walletLink = (page: Page): string =>
  unescapeHtml(/id="wallet-link" href="([^"]+)"/.exec(page.text)?.[1] ?? '');

/** Link in the QR code, which stands below it as text too. */
export const qrLink = (page: Page): string =>
  unescapeHtml(/<p class="copy"><a href="([^"]+)"/.exec(page.text)?.[1] ?? '');

/** Which problem a page tells of. */
export const problemIn = (page: Page): string | undefined => /data-problem="([^"]+)"/.exec(page.text)?.[1];

/** Claims with a toggle that is on. */
export const togglesOn = (page: Page): string[] =>
  [...page.text.matchAll(/name="claim" value="([^"]+)" checked/g)].map((m) => m[1] ?? '');
