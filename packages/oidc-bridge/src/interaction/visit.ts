import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  type HttpRequest,
  type HttpResponse,
  isAppError,
  type Locale,
  negotiateLocale,
  toHex,
} from '@attestel/core';
import type { App } from '@attestel/registry';
import { errors, type Provider } from 'oidc-provider';
import type { ClaimName } from '../claims/catalogue.ts';
import { requestedClaims } from '../claims/requested-claims.ts';
import { fail } from '../errors.ts';
import { textsOf } from '../i18n/catalogue.ts';
import type { BridgeContext } from '../options.ts';
import { originsOf, respond } from '../pages/layout.ts';
import { type ProblemInput, problemOf, problemPage } from '../pages/problem.page.ts';
import type { BrowserCookie } from './browser-cookie.ts';
import type { LoginStates } from './login-state.ts';

export type Interaction = Awaited<ReturnType<Provider['interactionDetails']>>;

/** What the interaction endpoints share. */
export interface InteractionContext extends BridgeContext {
  readonly provider: Provider;
  readonly browser: BrowserCookie;
  readonly logins: LoginStates;
}

/** One request of a browser in the middle of a sign-in. */
export interface Visit {
  readonly request: HttpRequest;
  readonly uid: string;
  readonly interaction: Interaction;
  readonly app: App;
  readonly asked: readonly ClaimName[];
  readonly locale: Locale;
  readonly trace: string;
  /** Path of the sign-in page. */
  readonly self: string;
  /** Where forms may lead in the end. */
  readonly formTargets: readonly string[];
}

/** @throws login_expired, app_not_active, bridge_not_active */
export async function openVisit(request: HttpRequest, context: InteractionContext): Promise<Visit> {
  const interaction = await findInteraction(request, context);
  const { params, uid } = interaction;
  const app = context.activeApp(String(params.client_id));
  if (!app) throw fail('app_not_active');
  // Suspended bridges ask nobody for anything; wallets would refuse them anyway.
  if (context.options.registry.bridge(context.options.party.did)?.status !== 'active') {
    throw fail('bridge_not_active');
  }
  return {
    request,
    uid,
    interaction,
    app,
    asked: requestedClaims(params, app),
    locale: negotiateLocale(textOf(params.ui_locales), request.headers['accept-language']),
    trace: traceOf(request, context),
    self: `/interaction/${uid}`,
    formTargets: originsOf([String(params.redirect_uri)]),
  };
}

/**
 * The interaction of this browser: shown by our own cookie once the sign-in page has set it, before that by
 * oidc-provider's. Both are 256-bit secrets; checking the second again would only cost.
 */
async function findInteraction(request: HttpRequest, context: InteractionContext): Promise<Interaction> {
  const { provider, logins, browser } = context;
  const uid = request.params.uid ?? '';
  const login = logins.find(uid);
  if (login && !login.done && browser.matches(request, login.browser)) {
    const known = await provider.Interaction.find(uid);
    if (known) return known;
  }
  const { req, res } = rawOf(request);
  try {
    const interaction = await provider.interactionDetails(req, res);
    if (interaction.uid === uid) return interaction;
  } catch (error) {
    if (!(error instanceof errors.SessionNotFound)) throw error;
  }
  throw whyNot(request, context);
}

/** A sign-in that is not this browser's, or not any more. */
function whyNot(request: HttpRequest, { logins, browser }: InteractionContext): Error {
  const login = logins.find(request.params.uid ?? '');
  if (!login) return fail('login_expired');
  if (!browser.matches(request, login.browser)) return fail('other_browser');
  return fail(login.done ? 'already_used' : 'login_expired');
}

/** oidc-provider reads and writes its cookies on Node's own objects. */
export function rawOf(request: HttpRequest): { req: IncomingMessage; res: ServerResponse } {
  if (!request.raw) throw new TypeError('interaction endpoints need the raw request');
  return request.raw as { req: IncomingMessage; res: ServerResponse };
}

export const traceOf = (request: HttpRequest, { options }: BridgeContext): string =>
  request.headers['x-correlator'] ?? toHex(options.random.bytes(8));

/** A page for what went wrong. With the visit known, it offers the next step. */
export function problemResponse(
  error: unknown,
  request: HttpRequest,
  context: BridgeContext,
  visit?: Visit,
): HttpResponse {
  const known = isAppError(error) ? error : undefined;
  const problem = problemOf(known?.code);
  const trace = traceOf(request, context);
  if (problem === 'internal') {
    context.options.logger.error('login.failed', {
      trace,
      cause: error instanceof Error ? error.message : 'unknown',
    });
  } else context.options.logger.info('login.problem', { trace, problem, app: visit?.app.clientId });
  const locale = visit?.locale ?? negotiateLocale(undefined, request.headers['accept-language']);
  const action = visit && actionFor(problem, visit);
  const body = problemPage({ locale, problem, trace, ...(action ? { action } : {}) });
  const options = { status: known?.status ?? 500, ...(visit ? { formTargets: visit.formTargets } : {}) };
  return respond(body, options);
}

function actionFor(problem: ReturnType<typeof problemOf>, visit: Visit): ProblemInput['action'] {
  const text = textsOf(visit.locale);
  const app = visit.app.name[visit.locale];
  switch (problem) {
    case 'login_expired':
    case 'already_used':
    case 'other_browser':
    case 'app_not_active':
      return undefined;
    case 'declined':
      return { href: `${visit.self}/cancel`, text: text('problem.back', { app }), form: true };
    default:
      return { href: `${visit.self}?again=1`, text: text('problem.again') };
  }
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
