import { fromUtf8, type Html, type HttpRequest, type HttpResponse } from '@attestel/core';
import { sectorOf } from '../accounts/sector.ts';
import { type ClaimName, isWarning, toggleOf } from '../claims/catalogue.ts';
import { type Consent, covers } from '../consent/consent-store.ts';
import { findCurrent } from '../consent/current-consent.ts';
import { noticeOf } from '../consent/notice.ts';
import { fail } from '../errors.ts';
import { consentPage } from '../pages/consent.page.ts';
import { CONSENTS_PATH } from '../pages/consents.page.ts';
import { respond } from '../pages/layout.ts';
import { type ConsentView, consentView, type Subject } from './consent-view.ts';
import { abortLogin, finishLogin } from './finish.ts';
import type { InteractionContext, Visit } from './visit.ts';

/** Of the `sub`, in what is kept of a consent: 128 bits of an HMAC are as good a name as all. */
const SUBJECT_BYTES = 16;

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
  const { refused = [] } = remembered ?? {};
  const choice = {
    isOn: (claim: ClaimName) => !refused.includes(claim),
    remembered: remembered !== undefined,
  };
  return respond(pageOf(visit, consentView(visit, subject, context), choice), {
    formTargets: visit.formTargets,
  });
}

interface PageChoice {
  readonly isOn: (claim: ClaimName) => boolean;
  readonly remembered: boolean;
  /** Whether the person decided about something else, and is asked again. */
  readonly changed?: boolean;
}

function pageOf({ self }: Visit, view: ConsentView, { isOn, ...choice }: PageChoice): Html {
  const items = view.items.map((item) => ({ ...item, on: isOn(item.claim) }));
  return consentPage({ ...view, ...choice, items, self });
}

/** HTTP status of a page that has changed since the person saw it. */
const CHANGED = 409;

/**
 * The form of the consent page. It counts for what the page said: where the app's purpose, what it asks for or who is
 * signed in has changed since, the person sees the page as it is now, and decides again. @throws login_expired,
 * other_browser, cross_site, form_invalid
 */
export async function decideConsent(visit: Visit, context: InteractionContext): Promise<HttpResponse> {
  assertSameSite(visit.request, context);
  const form = new URLSearchParams(fromUtf8(visit.request.body));
  const decision = form.get('decision');
  if (decision === 'cancel') return abortLogin(visit, context);
  if (decision !== 'share' && decision !== 'nothing') throw fail('form_invalid', { field: 'decision' });
  const subject = subjectOf(visit, context);
  const view = consentView(visit, subject, context);
  const on = new Set(decision === 'share' ? form.getAll('claim') : []);
  const standing = form.get('remember') === '1';
  if (form.get('shown') !== view.digest) {
    // What was not ticked then stays off: the person looks at it first.
    const choice = { isOn: (claim: ClaimName) => on.has(claim), remembered: standing, changed: true };
    return respond(pageOf(visit, view, choice), { status: CHANGED, formTargets: visit.formTargets });
  }
  const shown = view.items.filter(({ value }) => value !== undefined).map(({ claim }) => claim);
  const isGranted = (claim: ClaimName): boolean =>
    isWarning(claim) || (on.has(toggleOf(claim)) && shown.includes(toggleOf(claim)));
  const consent = {
    granted: visit.asked.filter(isGranted),
    refused: visit.asked.filter((claim) => !isGranted(claim)),
  };
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
