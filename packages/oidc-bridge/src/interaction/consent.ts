import { fromUtf8, type HttpRequest, type HttpResponse } from '@attestel/core';
import { maskNumber } from '@attestel/credentials';
import { sectorOf } from '../accounts/sector.ts';
import { type ClaimName, isRegistered, isWarning, toggleOf } from '../claims/catalogue.ts';
import { type Consent, covers } from '../consent/consent-store.ts';
import { findCurrent } from '../consent/current-consent.ts';
import { noticeOf } from '../consent/notice.ts';
import { fail } from '../errors.ts';
import { type ConsentInput, type ConsentItem, consentPage } from '../pages/consent.page.ts';
import { CONSENTS_PATH } from '../pages/consents.page.ts';
import { respond } from '../pages/layout.ts';
import { abortLogin, finishLogin } from './finish.ts';
import type { LoginState } from './login-state.ts';
import type { InteractionContext, Visit } from './visit.ts';

/** Of the `sub`, in what is kept of a consent: 128 bits of an HMAC are as good a name as all. */
const SUBJECT_BYTES = 16;

/** Who decides: signed in just now by the wallet, or before by a session. */
type Subject = NonNullable<LoginState['outcome']> | { readonly account: string; readonly mode?: undefined };

/**
 * Asks what the app may know, unless the person has said so before. Never skipped after a QR code: whose card
 * answered is seen on this page only.
 */
export async function askConsent(
  visit: Visit,
  subject: Subject,
  context: InteractionContext,
): Promise<HttpResponse> {
  const remembered = await findCurrent(context, subject.account, visit.app);
  const askAgain = String(visit.interaction.params.prompt ?? '')
    .split(' ')
    .includes('consent');
  const maySkip = subject.mode !== 'cross-device' && !askAgain;
  if (remembered && maySkip && covers(remembered, visit.asked)) {
    return finishLogin(
      visit,
      { ...subject, mode: subject.mode, consent: remembered, standing: true },
      context,
    );
  }
  const { app, locale } = visit;
  const member = context.options.registry.member(app.member);
  return respond(
    consentPage({
      locale,
      self: visit.self,
      app: {
        name: app.name[locale],
        domain: new URL(String(visit.interaction.params.redirect_uri)).host,
        member: member?.name[locale] ?? app.member,
        purpose: app.purpose[locale],
      },
      items: itemsOf(visit, subject.account, context, remembered?.refused ?? []),
      remembered: remembered !== undefined,
      ...(subject.mode === 'cross-device' ? cardOf(visit, subject.account, context) : {}),
    }),
    { formTargets: visit.formTargets },
  );
}

function itemsOf(
  visit: Visit,
  account: string,
  context: InteractionContext,
  refused: readonly string[],
): ConsentItem[] {
  const claims = context.attributes.find(account, visit.app.clientId)?.claims ?? {};
  // Told to every app that is registered for it, asked or not.
  const pending = claims.binding_pending === true && isRegistered('binding_pending', visit.app.claims);
  const rows = new Set([...visit.asked.map(toggleOf), ...(pending ? (['binding_pending'] as const) : [])]);
  return [...rows].map((claim) => ({
    claim,
    value: claims[claim],
    on: !refused.includes(claim),
    locked: isWarning(claim),
  }));
}

/** Enough to see that somebody else's card answered. */
function cardOf(
  visit: Visit,
  account: string,
  { attributes, options }: InteractionContext,
): Pick<ConsentInput, 'card'> {
  const shown = attributes.find(account, visit.app.clientId);
  const issuer = shown && options.registry.issuer(shown.issuerDid);
  if (!shown || !issuer) return {};
  const operator = issuer.name[visit.locale];
  return { card: { operator, number: maskNumber(shown.claims.phone_number) } };
}

/** The form of the consent page. @throws login_expired, other_browser, cross_site, form_invalid */
export async function decideConsent(visit: Visit, context: InteractionContext): Promise<HttpResponse> {
  assertSameSite(visit.request, context);
  const form = new URLSearchParams(fromUtf8(visit.request.body));
  const decision = form.get('decision');
  if (decision === 'cancel') return abortLogin(visit, context);
  if (decision !== 'share' && decision !== 'nothing') throw fail('form_invalid', { field: 'decision' });
  const subject = subjectOf(visit, context);
  const items = itemsOf(visit, subject.account, context, []);
  const on = new Set(decision === 'share' ? form.getAll('claim') : []);
  const shown = items.filter(({ value }) => value !== undefined).map(({ claim }) => claim);
  const isGranted = (claim: ClaimName): boolean =>
    isWarning(claim) || (on.has(toggleOf(claim)) && shown.includes(toggleOf(claim)));
  const consent = {
    granted: visit.asked.filter(isGranted),
    refused: visit.asked.filter((claim) => !isGranted(claim)),
  };
  const standing = form.get('remember') === '1';
  if (standing) {
    // What the wallet did not show was not decided.
    const refused = consent.refused.filter((claim) => shown.includes(toggleOf(claim)));
    await keep(visit, subject.account, { ...consent, refused }, context);
  } else await context.consents.remove(subject.account, visit.app.clientId);
  return finishLogin(visit, { ...subject, mode: subject.mode, consent, standing }, context);
}

/** @throws AppError consent_not_recorded; login_expired where what the wallet showed is gone */
async function keep(
  { app, locale }: Visit,
  account: string,
  consent: Consent,
  context: InteractionContext,
): Promise<void> {
  const shown = context.attributes.find(account, app.clientId);
  if (!shown) throw fail('login_expired');
  const sub = await context.accounts.subject(account, sectorOf(app.clientId));
  await context.consents.save(account, app.clientId, {
    ...consent,
    subject: Buffer.from(sub, 'base64url').subarray(0, SUBJECT_BYTES).toString('hex'),
    recipient: app.member,
    notice: noticeOf(app, context),
    locale,
    evidence: shown.evidence,
    withdrawal: `${context.origin}${CONSENTS_PATH}`,
  });
}

export function subjectOf(visit: Visit, { browser, logins }: InteractionContext): Subject {
  const login = logins.find(visit.uid);
  if (login && !browser.matches(visit.request, login.browser)) throw fail('other_browser');
  if (login?.outcome) return login.outcome;
  const account = visit.interaction.session?.accountId;
  // Only a prompt for consent may rest on the session; one for login needs the wallet.
  if (visit.interaction.prompt.name !== 'consent' || !account) throw fail('login_expired');
  return { account };
}

/** Cookies are SameSite=Lax already; the browser's own word on where the form came from costs nothing. */
export function assertSameSite(request: HttpRequest, { origin }: InteractionContext): void {
  const from = request.headers.origin;
  const site = request.headers['sec-fetch-site'];
  // A form on a page with Referrer-Policy no-referrer sends "null" as its origin.
  const foreign = from !== undefined && from !== 'null' && from !== origin;
  if (foreign || (site !== undefined && site !== 'same-origin')) throw fail('cross_site');
}
