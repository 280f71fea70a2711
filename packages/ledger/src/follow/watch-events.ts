import { setTimeout } from 'node:timers/promises';

export interface WatchOptions {
  /** Base URL of a node. */
  readonly url: string;
  /** Log size from which on news are wanted. */
  readonly from: () => number;
  readonly fetch: typeof globalThis.fetch;
  /** Something is new there. What it is, is asked in the ordinary way: nothing of the stream is believed. */
  readonly onNews: () => void;
}

const MIN_PAUSE_MILLISECONDS = 500;
const MAX_PAUSE_MILLISECONDS = 30_000;

/** Listens to the event stream of a node, again and again, and says when there is something new. */
export function watchEvents({ url, from, fetch, onNews }: WatchOptions): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const { signal } = stopping;
  const base = url.replace(/\/+$/, '');
  const listen = async (): Promise<boolean> => {
    const answer = await fetch(`${base}/v1/ledger/events?from=${from()}`, { signal, redirect: 'error' });
    let heard = false;
    if (!answer.ok) await answer.body?.cancel();
    for await (const part of answer.ok ? (answer.body ?? []) : []) {
      heard = true;
      // Comments begin with a colon; all else means that entries came.
      if (part[0] !== 0x3a) onNews();
    }
    return heard;
  };
  const loop = async (): Promise<void> => {
    for (let pause = MIN_PAUSE_MILLISECONDS; !signal.aborted; ) {
      const heard = await listen().catch(() => false);
      pause = heard ? MIN_PAUSE_MILLISECONDS : Math.min(pause * 2, MAX_PAUSE_MILLISECONDS);
      await setTimeout(pause, undefined, { signal }).catch(() => {});
    }
  };
  const done = loop();
  return {
    async stop() {
      stopping.abort();
      await done;
    },
  };
}
