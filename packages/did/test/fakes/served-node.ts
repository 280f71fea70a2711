import { fromHex, type HttpRequest } from '@attestel/core';
import type { Ledger } from '@attestel/ledger';
import { type DidResolver, resolverRoutes } from '../../src/index.ts';

type Change = (text: string) => string | Promise<string>;

/** A node behind fetch, with no network between. What it says may be changed on the way; the status follows `status`. */
export function servedNode(
  ledger: Pick<Ledger, 'proofs'>,
  resolver: DidResolver,
  { change = (text) => text, status }: { change?: Change; status?: number } = {},
) {
  const asked: string[] = [];
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const url = new URL(String(input));
    asked.push(url.pathname.split('/')[1] === '1.0' ? `resolve${url.search}` : 'checkpoint');
    const [, hash] = /^\/v1\/ledger\/checkpoints\/(.+)$/.exec(url.pathname) ?? [];
    if (hash) return new Response(ledger.proofs.checkpoint(fromHex(hash)) ?? '');
    const request = {
      url,
      params: { did: decodeURIComponent(url.pathname.replace('/1.0/identifiers/', '')) },
      headers: Object.fromEntries(new Headers(init?.headers)),
    } as unknown as HttpRequest;
    const response = await resolverRoutes(resolver)[0]?.handle(request);
    const body = await change(String(response?.body));
    const headers = response?.headers as HeadersInit;
    return new Response(body, { status: status ?? response?.status ?? 500, headers });
  };
  return { asked, fetch };
}
