import { type HttpRequest, type HttpResponse, json } from '@attestel/core';
import type { FlowState, Verifier } from '@attestel/openid/verifier';
import { fail } from '../errors.ts';
import { liveStateOf } from './sign-in.ts';
import type { InteractionContext } from './visit.ts';

const HEARTBEAT_MS = 15_000;

/**
 * State of the QR code's request. Only that one: what happens to a request made for this device is nobody's
 * business but the browser's that comes back with the code.
 */
function watched(request: HttpRequest, { logins, browser }: InteractionContext): string {
  const login = logins.find(request.params.uid ?? '');
  if (!login?.there || login.done) throw fail('login_expired');
  if (!browser.matches(request, login.browser)) throw fail('other_browser');
  return login.there.id;
}

/** Polling form. */
export function liveState(request: HttpRequest, context: InteractionContext): HttpResponse {
  const state = context.options.verifier.state(watched(request, context));
  const body = state ? toEvent(state) : { state: 'expired', sequence: 0 };
  return json(body, 200, { 'cache-control': 'no-store' });
}

/** Server-sent events; ids count changes, so a browser that reconnects is told only what it missed. */
export function liveEvents(request: HttpRequest, context: InteractionContext): HttpResponse {
  const id = watched(request, context);
  const seen = Number.parseInt(request.headers['last-event-id'] ?? '', 10);
  const after = Number.isSafeInteger(seen) ? seen : -1;
  return {
    status: 200,
    headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' },
    body: stream({
      id,
      after,
      signal: request.signal,
      verifier: context.options.verifier,
      now: () => context.options.clock.now(),
    }),
  };
}

interface StreamInput {
  readonly id: string;
  readonly after: number;
  readonly signal: AbortSignal;
  readonly verifier: Verifier;
  readonly now: () => number;
}

async function* stream({ id, after, signal, verifier, now }: StreamInput): AsyncGenerator<string> {
  let wake = (): void => {};
  const unsubscribe = verifier.onChange(id, () => wake());
  let told = after;
  try {
    while (!signal.aborted) {
      const state = verifier.state(id);
      if (!state || state.phase === 'expired') {
        yield message({ state: 'expired', sequence: told + 1 });
        return;
      }
      if (state.sequence > told) {
        told = state.sequence;
        yield message(toEvent(state));
        if (state.phase === 'answered' || state.phase === 'completed') return;
        continue;
      }
      const changed = await pause(Math.min(HEARTBEAT_MS, untilEnd(state, now())), signal, (resolve) => {
        wake = resolve;
      });
      if (!changed) yield ': alive\n\n';
    }
  } finally {
    unsubscribe();
  }
}

const untilEnd = (state: FlowState, now: number): number =>
  Math.max(50, (state.phase === 'waiting' ? state.openBy : state.expiresAt) - now);

const toEvent = (state: FlowState): { state: string; sequence: number } => ({
  state: liveStateOf(state),
  sequence: state.sequence,
});

const message = ({ state, sequence }: { state: string; sequence: number }): string =>
  `id: ${sequence}\nevent: state\ndata: ${JSON.stringify({ state })}\n\n`;

/** Resolves true when woken, false when the time is up or the client is gone. */
function pause(
  milliseconds: number,
  signal: AbortSignal,
  onWake: (resolve: () => void) => void,
): Promise<boolean> {
  return new Promise((resolve) => {
    const done = (woken: boolean): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', gone);
      resolve(woken);
    };
    const gone = (): void => done(false);
    const timer = setTimeout(() => done(false), milliseconds);
    signal.addEventListener('abort', gone, { once: true });
    onWake(() => done(true));
  });
}
