import {
  fromUtf8,
  type HttpRequest,
  type HttpResponse,
  negotiateLocale,
  type Route,
  redirect,
} from '@attestel/core';
import { isClaimName } from '../claims/catalogue.ts';
import type { StandingConsent } from '../consent/consent-store.ts';
import { fail } from '../errors.ts';
import { CONSENTS_PATH, type ConsentRow, consentsPage } from '../pages/consents.page.ts';
import { respond } from '../pages/layout.ts';
import { assertSameSite } from './consent.ts';
import { type InteractionContext, problemResponse, rawOf } from './visit.ts';

const MAX_FORM_BYTES = 1024;

/** What a signed-in person agreed to, and its end. */
export function consentRoutes(context: InteractionContext): Route[] {
  const errorPage: Route['errorPage'] = (error, request) => problemResponse(error, request, context);
  return [
    {
      method: 'GET',
      path: CONSENTS_PATH,
      summary: 'What the person agreed to',
      errors: 'html',
      errorPage,
      handle: (request) => showConsents(request, context),
    },
    {
      method: 'POST',
      path: `${CONSENTS_PATH}/withdraw`,
      summary: 'Takes back what the person agreed to for one app',
      errors: 'html',
      accepts: ['application/x-www-form-urlencoded'],
      maxBodyBytes: MAX_FORM_BYTES,
      errorPage,
      handle: (request) => context.unit.run(() => withdrawConsent(request, context)),
    },
  ];
}

async function showConsents(request: HttpRequest, context: InteractionContext): Promise<HttpResponse> {
  const { searchParams } = request.url;
  const locale = localeOf(request, searchParams);
  const account = await accountOf(request, context);
  const { registry } = context.options;
  const withdrawn = registry.app(searchParams.get('withdrawn') ?? '')?.name[locale];
  const rowOf = ({ clientId, granted, ...times }: StandingConsent): ConsentRow => {
    const app = registry.app(clientId);
    const member = registry.member(app?.member ?? '')?.name[locale] ?? app?.member ?? '';
    const claims = granted.filter(isClaimName);
    return { ...times, clientId, app: app?.name[locale] ?? clientId, member, granted: claims };
  };
  const rows = account === undefined ? undefined : (await context.consents.list(account)).map(rowOf);
  return respond(consentsPage({ locale, rows, withdrawn }));
}

/** @throws AppError cross_site, login_expired, form_invalid, consent_not_recorded */
async function withdrawConsent(request: HttpRequest, context: InteractionContext): Promise<HttpResponse> {
  assertSameSite(request, context);
  const account = await accountOf(request, context);
  if (account === undefined) throw fail('login_expired');
  const form = new URLSearchParams(fromUtf8(request.body));
  const app = context.options.registry.app(form.get('app') ?? '');
  if (!app) throw fail('form_invalid', { field: 'app' });
  await context.consents.remove(account, app.clientId);
  const query = new URLSearchParams({ ui_locales: localeOf(request, form), withdrawn: app.clientId });
  return redirect(`${CONSENTS_PATH}?${query}`);
}

const localeOf = (request: HttpRequest, parameters: URLSearchParams) =>
  negotiateLocale(parameters.get('ui_locales') ?? undefined, request.headers['accept-language']);

/** Who is signed in with this browser. No card is asked for: to look and to take back does no harm. */
async function accountOf(
  request: HttpRequest,
  { provider, accounts }: InteractionContext,
): Promise<string | undefined> {
  const { req, res } = rawOf(request);
  const { accountId } = await provider.Session.get(provider.createContext(req, res));
  return accountId !== undefined && accounts.exists(accountId) ? accountId : undefined;
}
