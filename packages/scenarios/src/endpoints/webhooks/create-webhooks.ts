import {
  type Bytes,
  decodeCbor,
  encodeCbor,
  isAppError,
  type Logger,
  type Store,
  toHex,
  utf8,
} from '@attestel/core';
import { fail } from '../../errors.ts';
import type { ContractHost } from '../../host/create-contract-host.ts';
import type { KnownModules } from '../../host/known-modules.ts';
import type { LedgerView } from '../../host/ledger-view.ts';
import { numberKey, numberOf, TABLES } from '../../host/store/tables.ts';
import type { JsonObject } from '../../module/module.ts';
import { cloudEventsOf } from './cloud-events.ts';

/** Where events go. */
export interface Webhook {
  /** Names its place in the feed: another name begins anew. */
  readonly id: string;
  readonly url: string;
  /** Sent along, such as an authorization; never logged. */
  readonly headers?: { readonly [name: string]: string };
  /** Channels and names of modules; absent: all. */
  readonly channels?: readonly string[];
  readonly modules?: readonly string[];
}

export type WebhookFetch = (
  url: string,
  init: {
    readonly method: 'POST';
    readonly headers: { readonly [name: string]: string };
    readonly body: string;
    readonly redirect: 'error';
    readonly signal: AbortSignal;
  },
) => Promise<Response>;

export interface WebhooksOptions {
  readonly host: Pick<ContractHost, 'payload' | 'onEvent'>;
  /** The host's own: its feed is the queue, beside it stands how far each receiver is. */
  readonly store: Store;
  readonly ledger: Pick<LedgerView, 'line' | 'indexOf'>;
  readonly modules: Pick<KnownModules, 'find'>;
  /** Party of the host: it sends what it may read. */
  readonly party: string;
  readonly baseUrl: string;
  readonly hooks: readonly Webhook[];
  readonly logger: Logger;
  readonly later: (seconds: number, work: () => void) => { stop(): void };
  readonly fetch?: WebhookFetch;
  /** For one request. Default 10 s. */
  readonly timeoutMs?: number;
}

export interface Webhooks {
  /** Resolves when nothing is on its way; what waits for a receiver to come back is not. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

const TABLE = 'contract.webhook';
const FIRST_WAIT_SECONDS = 1;
const MAX_WAIT_SECONDS = 3_600;
/** Lines that are read ahead of what was sent. */
const STEP = 64;

/**
 * Tells other systems of a party what happened: every event of every line that the host folds, in that order, at least
 * once, for as long as it takes; across restarts, since the feed and the places in it are in the store.
 */
export function createWebhooks(options: WebhooksOptions): Webhooks {
  const senders = options.hooks.map((hook) => createSender(options, hook));
  const wake = (): void => {
    for (const sender of senders) sender.wake();
  };
  const stopListening = options.host.onEvent(wake);
  wake();
  const idle = async (): Promise<void> => void (await Promise.all(senders.map((sender) => sender.idle())));
  return {
    idle,
    close() {
      stopListening();
      for (const sender of senders) sender.stop();
      return idle();
    },
  };
}

function createSender(options: WebhooksOptions, hook: Webhook) {
  let [attempts, stopped, again] = [0, false, false];
  let waiting: { stop(): void } | undefined;
  let busy: Promise<void> | undefined;
  async function sendAll(): Promise<void> {
    for (let next = nextLines(options, hook); next.length > 0 && !stopped; next = nextLines(options, hook)) {
      for (const { number, channel, line } of next) {
        if (stopped) return;
        for (const event of await eventsOf(options, hook, channel, line)) await post(options, hook, event);
        await options.store.transact((writer) => writer.put(TABLE, utf8(hook.id), encodeCbor(number)));
        attempts = 0;
      }
    }
  }
  function postpone(error: unknown): void {
    const seconds = Math.min(MAX_WAIT_SECONDS, FIRST_WAIT_SECONDS * 2 ** Math.min(attempts, 16));
    attempts += 1;
    const cause = isAppError(error) ? error.code : 'failed';
    options.logger.warn('webhook_postponed', { hook: hook.id, attempts, seconds, cause });
    if (stopped) return;
    waiting = options.later(seconds, () => {
      waiting = undefined;
      wake();
    });
  }
  function wake(): void {
    again = true;
    if (stopped || waiting || busy) return;
    again = false;
    busy = sendAll()
      .catch(postpone)
      .finally(() => {
        busy = undefined;
        if (again) wake();
      });
  }
  return {
    wake,
    async idle() {
      while (busy) await busy;
    },
    stop() {
      stopped = true;
      waiting?.stop();
    },
  };
}

interface FeedEntry {
  readonly number: number;
  readonly channel: string;
  readonly line: string;
}

function nextLines({ store }: WebhooksOptions, { id }: Webhook): readonly FeedEntry[] {
  const place = store.get(TABLE, utf8(id));
  const from = numberKey(place === undefined ? 0 : (decodeCbor(place) as number) + 1);
  return [...store.range(TABLES.feed, { from, limit: STEP })].map(([key, value]) => {
    const [channel, line] = decodeCbor(value) as readonly [string, string];
    return { number: numberOf(key as Bytes), channel, line };
  });
}

async function eventsOf(
  options: WebhooksOptions,
  hook: Webhook,
  channel: string,
  line: string,
): Promise<readonly JsonObject[]> {
  const { host, ledger, modules, party, baseUrl } = options;
  const onLedger = ledger.line(channel, line);
  if (hook.channels?.includes(channel) === false || !onLedger) return [];
  const view = await host.payload({ line, reader: { actor: party } }).catch(unlessGone);
  if (!view) return [];
  const { module } = modules.find(view.payload.module);
  if (hook.modules?.includes(module.name) === false) return [];
  const { time, digest } = onLedger;
  const index = ledger.indexOf(line) ?? 0;
  return cloudEventsOf(
    { channel, line, index, time, digest: toHex(digest), payload: view.payload },
    module,
    baseUrl,
  );
}

/** What was erased meanwhile is told to nobody. */
function unlessGone(error: unknown): undefined {
  if (isAppError(error) && (error.code === 'gone' || error.code === 'not_found')) return undefined;
  throw error;
}

async function post(
  { fetch: doFetch = fetch as WebhookFetch, timeoutMs = 10_000 }: WebhooksOptions,
  { url, headers = {} }: Webhook,
  event: JsonObject,
): Promise<void> {
  const response = await doFetch(url, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/cloudevents+json; charset=utf-8' },
    body: JSON.stringify(event),
    redirect: 'error',
    signal: AbortSignal.timeout(timeoutMs),
  });
  await response.body?.cancel();
  if (!response.ok) throw fail('webhook_refused', { detail: `status ${response.status}` });
}
