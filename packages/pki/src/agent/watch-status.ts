import { setTimeout } from 'node:timers/promises';
import { type Bytes, type CborValue, decodeCbor, toHex } from '@attestel/core';
import { createLedgerClient } from '@attestel/ledger';
import { PKI_MODULE } from '../state/records.ts';

export interface WatchStatusOptions {
  /** Base URL of a node. */
  readonly node: string;
  readonly fetch: typeof fetch;
  /**
   * Something about certificates changed; by SHA-256 in hex, those that are named. A hint: the node may lie, or say nothing,
   * and what holds is asked for with proof.
   */
  readonly onNews: (certificates: readonly string[]) => void;
}

const MIN_PAUSE_MILLISECONDS = 500;
const MAX_PAUSE_MILLISECONDS = 10_000;
/** An event is some hundred bytes. */
const MAX_EVENT_CHARACTERS = 16_384;

interface Cursor {
  /** Index of the first entry not heard of; what was before this watch began is no news. */
  next: number | undefined;
}

/** Follows a node's event stream, again and again, and says what it hears of certificates. */
export function watchStatus(options: WatchStatusOptions): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const { signal } = stopping;
  const cursor: Cursor = { next: undefined };
  const loop = async (): Promise<void> => {
    for (let pause = MIN_PAUSE_MILLISECONDS; !signal.aborted; ) {
      const heard = await listen(options, cursor, signal).catch(() => false);
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

async function listen(
  { node, fetch, onNews }: WatchStatusOptions,
  cursor: Cursor,
  signal: AbortSignal,
): Promise<boolean> {
  cursor.next ??= (await ledgerAt(node, fetch).entries(0, 1)).size;
  const answer = await fetch(`${node}/v1/ledger/events?from=${cursor.next}`, { signal, redirect: 'error' });
  if (!answer.ok || !answer.body) {
    await answer.body?.cancel();
    return false;
  }
  let rest = '';
  for await (const part of answer.body.pipeThrough(new TextDecoderStream())) {
    const events = (rest + part).split('\n\n');
    rest = events.pop() ?? '';
    if (rest.length > MAX_EVENT_CHARACTERS) return true;
    for (const event of events) await take(event, { node, fetch, onNews }, cursor);
  }
  return true;
}

async function take(
  event: string,
  { node, fetch, onNews }: Pick<WatchStatusOptions, 'node' | 'fetch' | 'onNews'>,
  cursor: Cursor,
): Promise<void> {
  const data = /^data: (.*)$/m.exec(event)?.[1];
  if (data === undefined) return; // a comment
  const { index, module, kind } = JSON.parse(data) as Record<string, unknown>;
  if (typeof index === 'number') cursor.next = Math.max(cursor.next ?? 0, index + 1);
  if (module !== PKI_MODULE || typeof index !== 'number' || typeof kind !== 'string') return;
  if (!/^(anchor|batch|status)\./.test(kind) && kind !== 'submit') return;
  onNews(kind.startsWith('status.') ? await namedBy(node, fetch, index) : []);
}

const ledgerAt = (node: string, fetch: typeof globalThis.fetch) =>
  createLedgerClient({ url: node, fetch, timeoutMilliseconds: 5000 });

/** Certificates that the operation at this index names; none where the node does not show it. */
async function namedBy(node: string, fetch: typeof globalThis.fetch, index: number): Promise<string[]> {
  try {
    const [entry] = (await ledgerAt(node, fetch).entries(index, 1)).entries;
    return entry ? namedIn(entry.bytes) : [];
  } catch {
    return [];
  }
}

/** @throws whatever does not read as an operation of the log */
function namedIn(leaf: Bytes): string[] {
  const [, payload] = decodeCbor(leaf) as readonly CborValue[];
  const { body } = decodeCbor(payload as Bytes) as { readonly body: { readonly [field: string]: CborValue } };
  const { certificates, certificate } = body;
  const all: readonly CborValue[] = Array.isArray(certificates) ? certificates : [certificate ?? null];
  return all.flatMap((one) => (one instanceof Uint8Array ? [toHex(one)] : []));
}
