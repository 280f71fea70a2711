import { fromUtf8 } from '@attestel/core';
import { fail } from '../errors.ts';

/** The platform's fetch, or a stand-in. */
export type Fetch = (
  url: string,
  init: {
    readonly headers: Record<string, string>;
    readonly redirect: 'error';
    readonly signal: AbortSignal;
  },
) => Promise<Response>;

export interface FetchLimits {
  readonly accept: string;
  readonly maxBytes: number;
  readonly timeoutMs: number;
  /** Aborts the whole refresh. */
  readonly signal: AbortSignal;
}

/** Fetches a small text: no redirects (a list stands where it says it does), bounded in time and bytes. */
export async function fetchText(fetch: Fetch, url: string, limits: FetchLimits): Promise<string> {
  const signal = AbortSignal.any([limits.signal, AbortSignal.timeout(limits.timeoutMs)]);
  try {
    const response = await fetch(url, { headers: { accept: limits.accept }, redirect: 'error', signal });
    if (response.status !== 200) throw fail('status_fetch_failed', { detail: `status ${response.status}` });
    return fromUtf8(await readBounded(response, limits.maxBytes));
  } catch (cause) {
    throw fail('status_fetch_failed', { cause });
  }
}

async function readBounded(response: Response, maxBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += chunk.length;
    if (length > maxBytes) throw fail('status_list_too_large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
