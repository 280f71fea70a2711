/** A browser without a screen: cookies, redirects, forms. Enough for pages that work without script. */
export interface Agent {
  /** Follows redirects on our origins until an answer or until `stopAt` is reached, and returns where it ended. */
  get(url: string, stopAt?: string): Promise<Visited>;
  post(
    url: string,
    form: Readonly<Record<string, string | readonly string[]>>,
    stopAt?: string,
  ): Promise<Visited>;
}

export interface Visited {
  readonly url: string;
  readonly status: number;
  readonly html: string;
}

export function createAgent(language = 'en'): Agent {
  const cookies = new Map<string, { value: string; path: string }>();
  const remember = (response: Response) => {
    for (const line of response.headers.getSetCookie()) {
      const [pair = '', ...attributes] = line.split(';');
      const at = pair.indexOf('=');
      const path = attributes.map((a) => /^\s*path=(.*)$/i.exec(a)?.[1]).find(Boolean) ?? '/';
      const name = `${pair.slice(0, at)}|${path}`;
      const gone = /expires=thu, 01 jan 1970/i.test(line) || /max-age=0/i.test(line);
      if (gone) cookies.delete(name);
      else cookies.set(name, { value: pair, path });
    }
  };
  const cookieHeader = (url: URL) =>
    [...cookies.values()]
      .filter((c) => url.pathname.startsWith(c.path))
      .map((c) => c.value)
      .join('; ');

  const visit = async (first: string, init: RequestInit, stopAt?: string): Promise<Visited> => {
    let url = first;
    let request = init;
    for (let hop = 0; hop < 12; hop++) {
      if (stopAt && url.startsWith(stopAt)) return { url, status: 0, html: '' };
      const target = new URL(url);
      const headers = {
        'accept-language': language,
        cookie: cookieHeader(target),
        ...(request.headers as Record<string, string>),
      };
      const response = await fetch(url, { ...request, headers, redirect: 'manual' });
      remember(response);
      const location = response.headers.get('location');
      const html = await response.text();
      if (!location) return { url, status: response.status, html };
      url = new URL(location, url).href;
      request = {};
    }
    throw new Error(`redirected for ever from ${first}`);
  };
  return {
    get: (url, stopAt) => visit(url, {}, stopAt),
    post(url, form, stopAt) {
      const body = new URLSearchParams();
      for (const [name, value] of Object.entries(form))
        for (const one of [value].flat()) body.append(name, one as string);
      const headers = { 'content-type': 'application/x-www-form-urlencoded', origin: new URL(url).origin };
      return visit(url, { method: 'POST', body, headers }, stopAt);
    },
  };
}

/** The first attribute value in a page that matches; entities of URLs decoded. */
export const attribute = (html: string, pattern: RegExp): string | undefined =>
  pattern.exec(html)?.[1]?.replaceAll('&amp;', '&').replaceAll('&#39;', "'").replaceAll('&quot;', '"');
