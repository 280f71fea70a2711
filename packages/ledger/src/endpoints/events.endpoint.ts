import type { HttpRequest, Route } from '@attestel/core';
import { fail } from '../errors.ts';
import { logEvents } from '../events/log-events.ts';
import type { Ledger } from '../ledger.ts';
import { parseQuery, parseWholeNumber } from './query.ts';
import type { MayRead, ReadGuard } from './read-guard.ts';

export interface EventsOptions {
  /** Streams at once; more are refused. Default 256. */
  readonly maxStreams?: number;
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
  let streams = 0;
  const open = async function* (
    request: HttpRequest,
    from: number,
    mayRead: MayRead,
  ): AsyncGenerator<string, void> {
    streams += 1;
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
      streams -= 1;
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
      if (streams >= maxStreams) throw fail('ledger_busy');
      const headers = { 'content-type': 'text/event-stream', 'cache-control': 'no-store' };
      return { status: 200, headers, body: open(request, from, mayRead) };
    },
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
