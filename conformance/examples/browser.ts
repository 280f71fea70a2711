/** As much of a browser as a sign-in needs: cookies per host, and redirects one by one. */
export function createBrowser() {
  const cookies = new Map<string, string>();

  async function send(url: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    headers.set('cookie', Array.from(cookies, ([name, value]) => `${name}=${value}`).join('; '));
    const response = await fetch(url, { ...init, headers, redirect: 'manual' });
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (/max-age=0|expires=thu, 01 jan 1970/i.test(line) || value === '') cookies.delete(name);
      else cookies.set(name, value);
    }
    return response;
  }

  /** Follows redirects with GET until a page, or until `until` says that the next address is enough. */
  async function follow(
    url: string,
    init: RequestInit = {},
    until: (next: string) => boolean = () => false,
  ): Promise<{ url: string; response: Response }> {
    let place = url;
    let response = await send(place, init);
    for (let hops = 0; response.headers.has('location') && hops < 20; hops++) {
      const next = new URL(response.headers.get('location') as string, place).href;
      if (until(next)) return { url: next, response };
      place = next;
      response = await send(place);
    }
    return { url: place, response };
  }

  return { send, follow, cookies };
}
