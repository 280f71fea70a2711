import type { HttpRequest, Route } from '@attestel/core';
import { fail } from '../errors.ts';
import { logEvents } from '../events/log-events.ts';
import type { Ledger } from '../ledger.ts';
import { parseQuery, parseWholeNumber } from './query.ts';
import type { MayRead, ReadGuard } from './read-guard.ts';

export interface EventsOptions {
  /** Streams at once; more are refused. Default 256. */
  readonly maxStreams?: number;
  /** Streams at once of one client, as {@link clientOf} tells them apart. Default 16. */
  readonly maxStreamsPerClient?: number;
  /** Who asks, such as a network address; undefined: one of many behind the same address. Default: nobody is known. */
  readonly clientOf?: ((request: HttpRequest) => string | undefined) | undefined;
  /** Default 15,000. */
  readonly heartbeatMilliseconds?: number;
  /** How long a reader may take for one page before it is dropped. Default 30,000. */
  readonly patienceMilliseconds?: number;
}

/**
 * The log as server-sent events (HTML Standard §9.2). Event ids are log indices: a reader that comes back with its
 * `Last-Event-ID` misses nothing and gets nothing twice.
 */
export function eventsEndpoint(ledger: Ledger, guard: ReadGuard, options: EventsOptions = {}): Route {
  const { maxStreams = 256, heartbeatMilliseconds = 15_000, patienceMilliseconds = 30_000 } = options;
  const { maxStreamsPerClient = 16, clientOf = () => undefined } = options;
  const count = createStreamCount();
  const open = async function* (
    request: HttpRequest,
    from: number,
    mayRead: MayRead,
  ): AsyncGenerator<string, void> {
    const client = clientOf(request);
    count.enter(client);
    try {
      const { signal } = request;
      const events = logEvents(ledger, { from, signal, heartbeatMilliseconds, mayRead });
      for await (const page of events) {
        // Runs while the page is on its way: who does not read holds a connection for so long and no longer.
        const patience = setTimeout(() => drop(request), patienceMilliseconds);
        try {
          yield page;
        } finally {
          clearTimeout(patience);
        }
      }
    } finally {
      count.leave(client);
    }
  };
  return {
    method: 'GET',
    path: '/v1/ledger/events',
    summary: 'The log as server-sent events, from an index on',
    errors: 'problem',
    cors: true,
    async handle(request) {
      const from = firstIndex(request);
      const mayRead = await guard.readerOf(request);
      // A client that holds all of them would keep everybody else from listening.
      if (count.all() >= maxStreams || count.of(clientOf(request)) >= maxStreamsPerClient)
        throw fail('too_many_streams');
      const headers = { 'content-type': 'text/event-stream', 'cache-control': 'no-store' };
      return { status: 200, headers, body: open(request, from, mayRead) };
    },
  };
}

interface StreamCount {
  enter(client: string | undefined): void;
  leave(client: string | undefined): void;
  all(): number;
  /** 0 for a client that is not known. */
  of(client: string | undefined): number;
}

function createStreamCount(): StreamCount {
  const clients = new Map<string, number>();
  let streams = 0;
  const add = (client: string | undefined, change: 1 | -1): void => {
    streams += change;
    if (client === undefined) return;
    const left = (clients.get(client) ?? 0) + change;
    if (left > 0) clients.set(client, left);
    else clients.delete(client);
  };
  return {
    enter: (client) => add(client, 1),
    leave: (client) => add(client, -1),
    all: () => streams,
    of: (client) => (client === undefined ? 0 : (clients.get(client) ?? 0)),
  };
}

/** After the last one that the reader has, or where it asks to begin; at the end of the log it waits. */
function firstIndex({ url, headers }: HttpRequest): number {
  const query = parseQuery(url, ['from']);
  const bounds = { min: 0, max: Number.MAX_SAFE_INTEGER - 1 };
  const last = headers['last-event-id'];
  const from = parseWholeNumber(query.from, { field: 'from', fallback: 0, ...bounds });
  if (last === undefined || last === '') return from;
  return parseWholeNumber(last, { field: 'Last-Event-ID', fallback: 0, ...bounds }) + 1;
}

function drop({ raw }: HttpRequest): void {
  const { res } = (raw ?? {}) as { res?: { destroy?: () => void } };
  res?.destroy?.();
}
