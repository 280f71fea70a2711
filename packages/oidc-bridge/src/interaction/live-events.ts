import { AppError, type HttpRequest, type HttpResponse, json } from '@attestel/core';
import type { FlowState, Verifier } from '@attestel/openid/verifier';
import { fail } from '../errors.ts';
import { liveStateOf } from './sign-in.ts';
import type { InteractionContext } from './visit.ts';

const HEARTBEAT_MS = 15_000;

/** A login is shown in one window; a few more for reloads whose old connection has not ended yet. */
const MAX_STREAMS = 4;

/** Open streams by login, for each bridge in the process; gone with it. */
const openStreams = new WeakMap<InteractionContext, Map<string, number>>();

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

/**
 * Takes one of the login's places until the client is gone; what it returns gives the place back earlier.
 * @throws too_many_streams
 */
function holdPlace(uid: string, signal: AbortSignal, context: InteractionContext): () => void {
  const open = openStreams.get(context) ?? new Map<string, number>();
  openStreams.set(context, open);
  const count = open.get(uid) ?? 0;
  if (count >= MAX_STREAMS)
    throw new AppError('too_many_streams', {
      kind: 'too-many',
      message: 'the sign-in is watched too often at once',
    });
  open.set(uid, count + 1);
  let held = true;
  const release = (): void => {
    if (!held) return;
    held = false;
    signal.removeEventListener('abort', release);
    const left = (open.get(uid) ?? 1) - 1;
    if (left > 0) open.set(uid, left);
    else open.delete(uid);
  };
  // A client that leaves before the first event never starts the generator, nor runs its `finally`.
  signal.addEventListener('abort', release, { once: true });
  if (signal.aborted) release();
  return release;
}

/**
 * Server-sent events; ids count changes, so a browser that reconnects is told only what it missed.
 * @throws too_many_streams; pages poll then
 */
export function liveEvents(request: HttpRequest, context: InteractionContext): HttpResponse {
  const id = watched(request, context);
  const seen = Number.parseInt(request.headers['last-event-id'] ?? '', 10);
  const after = Number.isSafeInteger(seen) ? seen : -1;
  const release = holdPlace(request.params.uid ?? '', request.signal, context);
  return {
    status: 200,
    headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' },
    body: stream({
      id,
      after,
      signal: request.signal,
      verifier: context.options.verifier,
      now: () => context.options.clock.now(),
      release,
    }),
  };
}

interface StreamInput {
  readonly id: string;
  readonly after: number;
  readonly signal: AbortSignal;
  readonly verifier: Verifier;
  readonly now: () => number;
  readonly release: () => void;
}

async function* stream({ id, after, signal, verifier, now, release }: StreamInput): AsyncGenerator<string> {
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
    release();
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
