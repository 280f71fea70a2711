import {
  type HttpRequest,
  type HttpResponse,
  isAppError,
  json,
  type Route,
  toBase64url,
  utf8,
} from '@attestel/core';
import { checkPresentation } from '../check-presentation.ts';
import { decryptResponse, type WalletAnswer } from '../decrypt-response.ts';
import { fail, isVerifierErrorCode, type VerifierErrorCode } from '../errors.ts';
import { answerFlow, assertOpen, assertSession, digest, type Flow, matches, refuseFlow } from '../flow.ts';
import { findFlow, putFlow } from '../flow-store.ts';
import { parseForm } from '../form.ts';
import { openResponseKey } from '../response-key.ts';
import { resultContext, type VerifierContext } from '../verifier.ts';

const MAX_BODY_BYTES = 48 * 1024;

/** Where wallets post their answer (OpenID4VP 1.0 §8.2, §8.3.1 `direct_post.jwt`). */
export const responseRoutes = (context: VerifierContext): Route[] => [
  {
    method: 'POST',
    path: '/openid4vp/responses/:id/:session',
    summary: 'Encrypted presentation from a wallet',
    errors: 'oauth',
    accepts: ['application/x-www-form-urlencoded'],
    maxBodyBytes: MAX_BODY_BYTES,
    cors: true,
    handle: (request) => handle(request, context),
  },
];

async function handle(request: HttpRequest, context: VerifierContext): Promise<HttpResponse> {
  const { store, clock } = context.options;
  const id = request.params.id ?? '';
  const session = request.params.session ?? '';
  const flow = findFlow(store, id);
  if (!flow) throw fail('request_unknown');
  assertOpen(flow, clock.now());
  assertSession(flow, session);
  // Up to here, and when the answer cannot be opened, the flow does not change: garbage ends no login.
  const answer = await readAnswer(request, flow, context);
  if (!matches(answer.state, digest(flow.state))) throw fail('response_state_mismatch');
  if (answer.kind === 'error') {
    const failure = answer.error === 'access_denied' ? 'declined' : 'wallet_failed';
    return refuse(flow, failure, context);
  }
  try {
    const presentation = await checkPresentation(answer.presentation, flow, context.options);
    return await accept(flow, session, JSON.stringify(presentation), context);
  } catch (error) {
    return refusal(error, flow, context);
  }
}

async function readAnswer(request: HttpRequest, flow: Flow, context: VerifierContext): Promise<WalletAnswer> {
  const form = parseForm(request.body);
  const [jwe, error, state] = [form.get('response'), form.get('error'), form.get('state')];
  if ((jwe === undefined) === (error === undefined)) throw fail('response_malformed');
  // §8.3.1: a wallet that cannot encrypt may send an error in the clear; never a presentation.
  if (jwe === undefined) return { kind: 'error', error: error ?? '', state: state ?? '' };
  if (flow.key === null) throw fail('response_undecryptable');
  return decryptResponse(jwe, flow.id, openResponseKey(flow.id, flow.key, await context.sealer()));
}

async function accept(
  flow: Flow,
  session: string,
  result: string,
  context: VerifierContext,
): Promise<HttpResponse> {
  const { store, clock, logger } = context.options;
  const sealer = await context.sealer();
  const code = flow.mode === 'same-device' ? context.secret() : null;
  const answer = {
    code: code === null ? null : digest(code),
    result: toBase64url(sealer.seal(resultContext(flow.id), utf8(result))),
    answeredAt: clock.now(),
  };
  const next = await store.transact((writer) => {
    // Another answer may have come while this one was checked: the first verified one wins.
    const current = findFlow(writer, flow.id);
    if (!current) throw fail('request_unknown');
    assertOpen(current, clock.now());
    assertSession(current, session);
    const answered = answerFlow(current, answer);
    putFlow(writer, answered);
    return answered;
  });
  logger.info('presentation.accepted', { mode: flow.mode, app: flow.appClientId });
  context.notify(next);
  return goBack(flow, code);
}

/** Refusals the person can do something about: the browser is sent back to a page that says what. */
const TOLD_IN_THE_BROWSER: readonly VerifierErrorCode[] = [
  'credential_revoked',
  'credential_suspended',
  'credential_sim_changed',
  'credential_expired',
  'issuer_not_accredited',
  'status_unavailable',
];

/** These say something about the flow, not about the answer. */
const NOT_RECORDED: readonly VerifierErrorCode[] = [
  'request_used',
  'request_expired',
  'request_taken',
  'request_unknown',
];

async function refusal(error: unknown, flow: Flow, context: VerifierContext): Promise<HttpResponse> {
  if (!isAppError(error) || !isVerifierErrorCode(error.code) || NOT_RECORDED.includes(error.code))
    throw error;
  context.options.logger.warn('presentation.refused', {
    mode: flow.mode,
    app: flow.appClientId,
    code: error.code,
    detail: error.detail,
  });
  const told = flow.mode === 'same-device' && TOLD_IN_THE_BROWSER.includes(error.code);
  if (told) return refuse(flow, error.code, context);
  await record(flow, error.code, null, context);
  throw error;
}

/** §8.2: the response may hold `redirect_uri` for error responses too. */
async function refuse(
  flow: Flow,
  failure: VerifierErrorCode,
  context: VerifierContext,
): Promise<HttpResponse> {
  const code = flow.mode === 'same-device' ? context.secret() : null;
  await record(flow, failure, code, context);
  return goBack(flow, code);
}

async function record(
  flow: Flow,
  failure: VerifierErrorCode,
  code: string | null,
  context: VerifierContext,
): Promise<void> {
  const next = await context.options.store.transact((writer) => {
    const current = findFlow(writer, flow.id);
    if (!current || current.phase === 'answered' || current.phase === 'completed') return undefined;
    const refused = refuseFlow(current, failure, code === null ? null : digest(code));
    putFlow(writer, refused);
    return refused;
  });
  if (next) context.notify(next);
}

function goBack(flow: Flow, code: string | null): HttpResponse {
  const headers = { 'cache-control': 'no-store' };
  // A cross-device answer never learns a code: nothing a wallet says can move the other browser on.
  if (code === null || flow.returnUrl === null) return json({}, 200, headers);
  const url = new URL(flow.returnUrl);
  url.searchParams.set('response_code', code);
  return json({ redirect_uri: url.href }, 200, headers);
}
