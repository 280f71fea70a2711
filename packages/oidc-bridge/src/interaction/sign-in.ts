import type { HttpResponse } from '@attestel/core';
import { type Completion, type FlowMode, type FlowState, refusedAs } from '@attestel/openid/verifier';
import { attributesOf } from '../accounts/attributes.ts';
import { parseClaimsParameter } from '../claims/requested-claims.ts';
import { fail } from '../errors.ts';
import { respond } from '../pages/layout.ts';
import { type LiveState, signInPage } from '../pages/sign-in.page.ts';
import { ACR } from '../provider/configuration.ts';
import { askConsent } from './consent.ts';
import { abortLogin } from './finish.ts';
import type { LoginState, OfferedFlow } from './login-state.ts';
import type { InteractionContext, Visit } from './visit.ts';

/** A QR code that somebody photographed is of no use a minute later. */
const QR_SECONDS = 60;

/** OpenID Connect Core Error Code unmet_authentication_requirements 1.0: no card would get the app what it wants. */
const UNMET = {
  error: 'unmet_authentication_requirements',
  error_description: 'no sign-in here reaches the essential acr',
};

/** How long a browser may take from the wallet back to us. */
const RETURN_MS = 10_000;

/** The sign-in page, or whatever comes after it. */
export async function showSignIn(visit: Visit, context: InteractionContext): Promise<HttpResponse> {
  const { interaction, request } = visit;
  const login = context.logins.find(visit.uid);
  if (login && !context.browser.matches(request, login.browser)) throw fail('other_browser');
  if (login?.done) throw fail('already_used');
  if (login?.outcome) return askConsent(visit, login.outcome, context);
  if (interaction.prompt.name === 'consent' && interaction.session) {
    return askConsent(visit, { account: interaction.session.accountId }, context);
  }
  const there = login?.there && context.options.verifier.state(login.there.id);
  if (login?.there && there?.phase === 'answered') {
    return completeWith(visit, login, login.there, {}, context);
  }
  const again = request.url.searchParams.has('again');
  if (there?.failure && there.phase === 'opened' && !again) throw refusedAs(there.failure);
  return offer(visit, login, again, context);
}

/** Back from the wallet on this device. @throws other_browser, already_used, login_expired */
export async function returnFromWallet(visit: Visit, context: InteractionContext): Promise<HttpResponse> {
  const login = context.logins.find(visit.uid);
  if (!login) throw fail('login_expired');
  // Before anything else: a link that somebody else's wallet opened here must do nothing.
  if (!context.browser.matches(visit.request, login.browser)) throw fail('other_browser');
  if (login.done) throw fail('already_used');
  if (login.outcome) return askConsent(visit, login.outcome, context);
  if (!login.here) throw fail('login_expired');
  const responseCode = visit.request.url.searchParams.get('response_code') ?? '';
  return completeWith(visit, login, login.here, { responseCode }, context);
}

async function completeWith(
  visit: Visit,
  login: LoginState,
  flow: OfferedFlow,
  proof: Pick<Completion, 'responseCode'>,
  context: InteractionContext,
): Promise<HttpResponse> {
  const { accounts, attributes, browser, logins, options, unit } = context;
  const completion = { browserSecret: browser.read(visit.request) ?? '', ...proof };
  const presentation = await options.verifier.read(flow.id, completion);
  const keys = await accounts.keysFor(presentation);
  const account = accounts.propose(keys);
  // One transaction: the flow is used up, the account exists and the login knows it, or none of it.
  await unit.defer((writer) => {
    options.verifier.completeIn(writer, flow.id, completion);
    accounts.claimIn(writer, keys, account);
  }, 'soon');
  await attributes.save(account, visit.app.clientId, attributesOf(presentation, visit.asked));
  const outcome = { account, mode: presentation.mode };
  await logins.save(visit.uid, { ...login, outcome });
  return askConsent(visit, outcome, context);
}

async function offer(
  visit: Visit,
  login: LoginState | undefined,
  again: boolean,
  context: InteractionContext,
): Promise<HttpResponse> {
  const { secret, header } = context.browser.ensure(visit.request);
  const modes = modesFor(visit);
  if (modes.length === 0) return abortLogin(visit, context, UNMET);
  // On a phone the QR code stands behind a link, and is not made until asked for.
  const elsewhere = !isPhone(visit.request.headers) || visit.request.url.searchParams.has('elsewhere');
  const [here, there] = await Promise.all([
    modes.includes('same-device')
      ? keepOrAsk('same-device', login?.here, visit, secret, false, context)
      : undefined,
    modes.includes('cross-device') && (elsewhere || login?.there || !modes.includes('same-device'))
      ? keepOrAsk('cross-device', login?.there, visit, secret, again, context)
      : undefined,
  ]);
  const changed = here?.id !== login?.here?.id || there?.id !== login?.there?.id;
  if (changed) {
    await context.logins.save(visit.uid, {
      browser: context.browser.digest(secret),
      expiresAt: visit.interaction.exp * 1000,
      ...(here ? { here } : {}),
      ...(there ? { there } : {}),
      done: false,
    });
  }
  const response = respond(render(visit, modes, { here, there }, context), {
    formTargets: visit.formTargets,
  });
  return header === undefined
    ? response
    : { ...response, headers: { ...response.headers, 'set-cookie': [header] } };
}

/** The request offered before, while a wallet can still answer it; otherwise a new one. */
async function keepOrAsk(
  mode: FlowMode,
  before: OfferedFlow | undefined,
  visit: Visit,
  browserSecret: string,
  again: boolean,
  { options, origin, unit }: InteractionContext,
): Promise<OfferedFlow> {
  const state = before && options.verifier.state(before.id);
  if (before && state && !again && isStillUseful(state, options.clock.now())) return before;
  if (before) await unit.defer((writer) => options.verifier.cancelIn(writer, before.id), 'soon');
  const { request, insertIn } = await options.verifier.prepareRequest({
    mode,
    claims: visit.asked,
    appClientId: visit.app.clientId,
    browserSecret,
    ...(mode === 'same-device'
      ? { returnUrl: `${origin}${visit.self}/return` }
      : { openWithinSeconds: QR_SECONDS }),
  });
  await unit.defer(insertIn, 'soon');
  return { id: request.id, requestUri: request.requestUri, openBy: request.openBy };
}

/**
 * One that was answered is over once the browser should have come back: its response code got lost on the
 * way, and no wallet answers twice. Until then, a page that is loaded again must not spoil it.
 */
const isStillUseful = ({ phase, answeredAt }: FlowState, now: number): boolean =>
  phase === 'waiting' ||
  phase === 'opened' ||
  (phase === 'answered' && answeredAt !== null && now < answeredAt + RETURN_MS);

/** An app that insists on a level (essential `acr`) gets a page that offers nothing else; none may be left. */
function modesFor({ interaction }: Visit): FlowMode[] {
  const modes: FlowMode[] = ['same-device', 'cross-device'];
  const acr = parseClaimsParameter(interaction.params.claims).id_token?.acr;
  if (acr?.essential !== true) return modes;
  const values = Array.isArray(acr.values) ? acr.values : [acr.value];
  return modes.filter((mode) => values.includes(ACR[mode]));
}

/** The state of a request that is only now being written is not in the store yet. */
function render(
  visit: Visit,
  modes: readonly FlowMode[],
  { here, there }: { readonly here: OfferedFlow | undefined; readonly there: OfferedFlow | undefined },
  { options }: InteractionContext,
) {
  const { app, locale, request } = visit;
  const state = there && options.verifier.state(there.id);
  return signInPage({
    locale,
    app: {
      name: app.name[locale],
      member: options.registry.member(app.member)?.name[locale] ?? app.member,
    },
    runBy: options.party.name[locale],
    here: here ? walletLink(here, 'get', options) : null,
    there: there
      ? { link: walletLink(there, 'post', options), state: state ? liveStateOf(state) : 'waiting' }
      : modes.includes('cross-device')
        ? 'on-request'
        : null,
    phone: isPhone(request.headers),
    self: visit.self,
    walletUrl: options.walletUrl,
  });
}

export const liveStateOf = (state: FlowState): LiveState =>
  state.failure !== null && state.phase === 'opened' ? 'refused' : state.phase;

/**
 * A QR code is seen by others: by POST the first wallet takes the request for itself. On this device the
 * browser's cookie does that job, and a wallet that fetches again, with a card just received, is welcome.
 */
function walletLink(
  flow: OfferedFlow,
  method: 'get' | 'post',
  { walletUrl, verifier }: InteractionContext['options'],
): string {
  const url = new URL('/present', walletUrl);
  url.searchParams.set('client_id', verifier.clientId);
  url.searchParams.set('request_uri', flow.requestUri);
  if (method === 'post') url.searchParams.set('request_uri_method', 'post');
  return url.href;
}

const isPhone = (headers: Readonly<Record<string, string | undefined>>): boolean =>
  headers['sec-ch-ua-mobile'] === '?1' || /\b(?:Mobile|Android|iPhone)\b/.test(headers['user-agent'] ?? '');
