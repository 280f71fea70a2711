import { fromBase64url, fromUtf8, type StoreWriter, toBase64url, utf8 } from '@attestel/core';
import { PHONE_NUMBER_VCT } from '@attestel/credentials';
import { requestRoutes } from './endpoints/request.endpoint.ts';
import { responseRoutes } from './endpoints/response.endpoint.ts';
import { fail } from './errors.ts';
import { completeFlow, digest, type Flow, matches } from './flow.ts';
import { deleteFlow, findFlow, insertFlow, putFlow } from './flow-store.ts';
import { verifyPortings } from './porting.ts';
import { createResponseKey } from './response-key.ts';
import { createSealer, type Sealer } from './sealer.ts';
import type {
  Completion,
  FlowState,
  Presentation,
  PresentationRequest,
  RequestInput,
  Verifier,
  VerifierOptions,
} from './types.ts';
import { type WriteBehind, writeBehindOf } from './write-behind.ts';

/** OpenID4VP gives no bound; a person needs a minute, an attacker would like an hour. */
const REQUEST_SECONDS = 300;
const SEALING_KEY = 'verifier/sealing';

/** What endpoints share. */
export interface VerifierContext {
  readonly options: Omit<VerifierOptions, 'store'> & { readonly vct: string; readonly store: WriteBehind };
  sealer(): Promise<Sealer>;
  responseUri(flow: Flow): string;
  notify(flow: Flow): void;
  /** 256 fresh bits as text. */
  secret(): string;
}

/** OpenID4VP 1.0 verifier for the phone credential. Everything it must remember is in the store. */
export function createVerifier(given: VerifierOptions): Verifier {
  const listeners = new Map<string, Set<(state: FlowState) => void>>();
  const context = createContext(given, listeners);
  const { clock } = given;
  const { store } = context.options;
  const read = async (id: string, completion: Completion): Promise<Presentation> => {
    const flow = answered(findFlow(store, id), completion, clock.now());
    const sealer = await context.sealer();
    return JSON.parse(fromUtf8(sealer.open(resultContext(id), fromBase64url(flow.result ?? ''))));
  };
  const completeIn = (writer: StoreWriter, id: string, completion: Completion): void => {
    const flow = completeFlow(answered(findFlow(writer, id), completion, clock.now()));
    putFlow(writer, flow);
    queueMicrotask(() => context.notify(flow));
  };
  return {
    clientId: given.clientId,
    prepareRequest: (input) => prepareRequest(input, context),
    async createRequest(input) {
      const { request, insertIn } = await prepareRequest(input, context);
      await store.transact(insertIn);
      return request;
    },
    routes: [...requestRoutes(context), ...responseRoutes(context)],
    state(id) {
      const flow = findFlow(store, id);
      return flow && toState(flow, clock.now());
    },
    onChange: (id, listener) => subscribe(listeners, id, listener),
    read,
    verifyPortings: (presentation, first) => verifyPortings(presentation, first, given),
    completeIn,
    async complete(id, completion) {
      const presentation = await read(id, completion);
      await store.transact((writer) => completeIn(writer, id, completion));
      return presentation;
    },
    cancelIn(writer, id) {
      const flow = findFlow(writer, id);
      if (flow) deleteFlow(writer, flow);
    },
  };
}

function createContext(
  given: VerifierOptions,
  listeners: Map<string, Set<(state: FlowState) => void>>,
): VerifierContext {
  let sealer: Promise<Sealer> | undefined;
  const base = new URL(given.baseUrl).origin;
  return {
    options: { ...given, store: writeBehindOf(given.store), vct: given.vct ?? PHONE_NUMBER_VCT },
    sealer() {
      sealer ??= openSealer(given).catch((error: unknown) => {
        sealer = undefined;
        throw error;
      });
      return sealer;
    },
    responseUri: (flow) => `${base}/openid4vp/responses/${flow.id}/${flow.session}`,
    notify(flow) {
      const state = toState(flow, given.clock.now());
      for (const listener of listeners.get(flow.id) ?? []) listener(state);
    },
    secret: () => toBase64url(given.random.bytes(32)),
  };
}

async function openSealer({ keyStore }: VerifierOptions): Promise<Sealer> {
  if (!(await keyStore.find(SEALING_KEY))) {
    await keyStore.generate({ purpose: 'derivation', algorithm: 'HS256', ref: SEALING_KEY });
  }
  return createSealer(await keyStore.mac(SEALING_KEY, utf8('attestel/verifier/flows/v1')));
}

async function prepareRequest(
  input: RequestInput,
  context: VerifierContext,
): Promise<{ request: PresentationRequest; insertIn: (writer: StoreWriter) => void }> {
  const { options } = context;
  if (input.mode === 'same-device' && input.returnUrl === undefined) {
    throw new TypeError('verifier: a same-device request needs a returnUrl');
  }
  const now = options.clock.now();
  const expiresAt = now + REQUEST_SECONDS * 1000;
  const fresh = options.random.bytes(96);
  const id = toBase64url(fresh.subarray(0, 16));
  const flow: Flow = {
    id,
    mode: input.mode,
    phase: 'waiting',
    sequence: 0,
    appClientId: input.appClientId,
    claims: input.claims,
    nonce: toBase64url(fresh.subarray(16, 48)),
    state: toBase64url(fresh.subarray(48, 80)),
    browser: digest(input.browserSecret),
    returnUrl: input.returnUrl ?? null,
    openBy: Math.min(expiresAt, now + (input.openWithinSeconds ?? REQUEST_SECONDS) * 1000),
    expiresAt,
    answeredAt: null,
    session: toBase64url(fresh.subarray(80, 96)),
    walletNonce: null,
    // Most QR codes are never scanned; theirs is made when one is.
    key: input.mode === 'same-device' ? createResponseKey(id, await context.sealer()) : null,
    failure: null,
    failureCode: null,
    code: null,
    result: null,
  };
  const request = {
    id: flow.id,
    clientId: options.clientId,
    requestUri: `${new URL(options.baseUrl).origin}/openid4vp/requests/${flow.id}`,
    openBy: flow.openBy,
    expiresAt,
  };
  return { request, insertIn: (writer) => insertFlow(writer, flow, now) };
}

export const resultContext = (id: string): string => `verifier/result/${id}`;

/**
 * The one gate to a result. The browser is checked first and before anything is looked at or consumed,
 * so that a stolen response code is worth nothing elsewhere (OpenID4VP 1.0 §13.3, session fixation).
 */
function answered(flow: Flow | undefined, completion: Completion, now: number): Flow {
  if (!flow) throw fail('request_unknown');
  if (!matches(completion.browserSecret, flow.browser)) throw fail('other_browser');
  if (flow.phase === 'completed') throw fail('request_used');
  if (now >= flow.expiresAt) throw fail('request_expired');
  const holdsCode = (stored: string | null): boolean =>
    flow.mode === 'cross-device' || matches(completion.responseCode ?? '', stored);
  if (flow.phase === 'answered') {
    if (!holdsCode(flow.code)) throw fail('not_answered');
    return flow;
  }
  if (flow.failure !== null && holdsCode(flow.failureCode)) throw fail(flow.failure);
  throw fail('not_answered');
}

function toState(flow: Flow, now: number): FlowState {
  const dead =
    (flow.phase === 'waiting' && now >= flow.openBy) || (flow.phase !== 'completed' && now >= flow.expiresAt);
  return {
    mode: flow.mode,
    phase: dead ? 'expired' : flow.phase,
    sequence: flow.sequence,
    failure: flow.failure,
    openBy: flow.openBy,
    expiresAt: flow.expiresAt,
    // Flows of before this field was known have none.
    answeredAt: flow.answeredAt ?? null,
  };
}

function subscribe(
  listeners: Map<string, Set<(state: FlowState) => void>>,
  id: string,
  listener: (state: FlowState) => void,
): () => void {
  const known = listeners.get(id) ?? new Set();
  listeners.set(id, known);
  known.add(listener);
  return () => {
    known.delete(listener);
    if (known.size === 0) listeners.delete(id);
  };
}
