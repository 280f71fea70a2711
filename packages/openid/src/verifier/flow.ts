import { createHash, timingSafeEqual } from 'node:crypto';
import { type Bytes, toBase64url, utf8 } from '@attestel/core';
import { fail, type VerifierErrorCode } from './errors.ts';

/** How the answer comes back to the browser. Fixed when the request is made and never changed. */
export type FlowMode = 'same-device' | 'cross-device';

/** `waiting` for a wallet, `opened` by one, `answered` by a verified presentation, `completed` in the browser. */
export type FlowPhase = 'waiting' | 'opened' | 'answered' | 'completed';

/** One request for a presentation, as it rests in the store. Times in milliseconds since 1970. */
export interface Flow {
  readonly id: string;
  readonly mode: FlowMode;
  readonly phase: FlowPhase;
  /** Counts changes; the event id of live pages. */
  readonly sequence: number;
  /** `client_id` of the app the person signs in to. */
  readonly appClientId: string;
  readonly claims: readonly string[];
  readonly nonce: string;
  readonly state: string;
  /** SHA-256 of the secret the browser holds. */
  readonly browser: string;
  readonly returnUrl: string | null;
  readonly openBy: number;
  readonly expiresAt: number;
  readonly answeredAt: number | null;
  /** Last part of the response URI that counts; changes when a wallet takes the request for itself. */
  readonly session: string;
  readonly walletNonce: string | null;
  /** Public coordinates and sealed private key the response is encrypted to; gone once answered. */
  readonly key: { readonly x: string; readonly y: string; readonly sealed: string } | null;
  readonly failure: VerifierErrorCode | null;
  /** SHA-256 of the response code that belongs to the failure, or to the answer. */
  readonly failureCode: string | null;
  readonly code: string | null;
  /** Sealed presentation, from answer to completion. */
  readonly result: string | null;
}

export const encodeFlow = (flow: Flow): Bytes => utf8(JSON.stringify(flow));

/** Our own bytes, read back: not an edge. */
export const decodeFlow = (bytes: Bytes): Flow => JSON.parse(Buffer.from(bytes).toString('utf8')) as Flow;

export const digest = (text: string): string => toBase64url(createHash('sha256').update(text).digest());

/** Compares digests of secrets in constant time. */
export function matches(secret: string, stored: string | null): boolean {
  if (stored === null) return false;
  return timingSafeEqual(Buffer.from(digest(secret)), Buffer.from(stored));
}

/** @throws request_expired, request_used: a flow that can no longer be opened or answered */
export function assertOpen(flow: Flow, now: number): void {
  if (flow.phase === 'answered' || flow.phase === 'completed') throw fail('request_used');
  if (now >= flow.expiresAt) throw fail('request_expired');
  // A photographed QR code dies with the page that showed it; only a wallet that came in time goes on.
  if (flow.phase === 'waiting' && now >= flow.openBy) throw fail('request_expired');
}

/**
 * A wallet fetches the request. The first one that names itself by a `wallet_nonce` takes it: response
 * URIs handed out before stop counting and other wallets are turned away. Without `wallet_nonce` every
 * fetch gives the same request, and the first verified answer wins.
 */
export function openFlow(
  flow: Flow,
  fetch: { readonly walletNonce: string | null; readonly freshSession: () => string; readonly now: number },
): Flow {
  assertOpen(flow, fetch.now);
  if (flow.walletNonce !== null) {
    if (fetch.walletNonce !== flow.walletNonce) throw fail('request_taken');
    return flow;
  }
  // Nobody watches a request made for this device, and it does not die sooner unopened: nothing to write.
  if (fetch.walletNonce === null && (flow.phase === 'opened' || flow.mode === 'same-device')) return flow;
  const taken =
    fetch.walletNonce === null ? {} : { walletNonce: fetch.walletNonce, session: fetch.freshSession() };
  return { ...flow, ...taken, phase: 'opened', sequence: flow.sequence + 1 };
}

/** @throws request_taken when the answer comes by a response URI that no longer counts */
export function assertSession(flow: Flow, session: string): void {
  if (!matches(session, digest(flow.session))) throw fail('request_taken');
}

export const answerFlow = (
  flow: Flow,
  answer: { code: string | null; result: string; answeredAt: number },
): Flow => ({
  ...flow,
  phase: 'answered',
  sequence: flow.sequence + 1,
  key: null,
  failure: null,
  failureCode: null,
  ...answer,
});

/** A refused answer is told to the page and leaves the flow open for a better one. */
export const refuseFlow = (flow: Flow, failure: VerifierErrorCode, failureCode: string | null): Flow => ({
  ...flow,
  sequence: flow.sequence + 1,
  failure,
  failureCode,
});

/** What stays until the flow would have expired, so that a second try is told what happened. */
export const completeFlow = (flow: Flow): Flow => ({
  ...flow,
  phase: 'completed',
  sequence: flow.sequence + 1,
  claims: [],
  nonce: '',
  state: '',
  session: '',
  walletNonce: null,
  key: null,
  failure: null,
  failureCode: null,
  code: null,
  result: null,
});
