import { type Html, html, type Locale } from '@attestel/core';
import { isTextKey, type TextKey, textsOf } from '../i18n/catalogue.ts';
import { layout } from './layout.ts';

/** Problems with a text of their own; anything else is `internal`. */
const KNOWN = [
  'declined',
  'login_expired',
  'already_used',
  'wrong_credential',
  'credential_suspended',
  'credential_sim_changed',
  'credential_revoked',
  'credential_expired',
  'issuer_not_accredited',
  'status_unavailable',
  'clock_skew',
  'other_browser',
  'app_not_active',
  'bridge_not_active',
  'request_refused',
  'consent_not_recorded',
  'internal',
] as const;

export type Problem = (typeof KNOWN)[number];

/** Error codes of the verifier and the bridge that share a page. */
const SAME_PAGE: Readonly<Record<string, Problem>> = {
  request_unknown: 'login_expired',
  request_expired: 'login_expired',
  request_used: 'already_used',
  request_taken: 'other_browser',
  presentation_invalid: 'wrong_credential',
  presentation_unsatisfying: 'wrong_credential',
  response_malformed: 'wrong_credential',
  wallet_failed: 'wrong_credential',
  not_answered: 'login_expired',
  session_ended: 'login_expired',
  app_unknown: 'app_not_active',
  cross_site: 'other_browser',
};

export const problemOf = (code: string | undefined): Problem =>
  KNOWN.find((known) => known === code) ?? SAME_PAGE[code ?? ''] ?? 'internal';

export interface ProblemInput {
  readonly locale: Locale;
  readonly problem: Problem;
  readonly trace: string;
  /** The one thing to do next, where there is one. */
  readonly action?: { readonly href: string; readonly text: string; readonly form?: boolean };
  readonly code?: string;
}

/** What happened, one action, a reference. */
export function problemPage({ locale, problem, trace, action, code }: ProblemInput): Html {
  const text = textsOf(locale);
  const title = text(keyOf(problem, 'title'));
  return layout({
    locale,
    title,
    body: html`<h1>${title}</h1>
<p data-problem="${problem}">${text(keyOf(problem, 'text'), { code: code ?? '' })}</p>
${action && actionOf(action)}
<p class="trace">${text('problem.trace', { trace })}</p>`,
  });
}

const actionOf = ({ href, text, form }: NonNullable<ProblemInput['action']>): Html =>
  form
    ? html`<form method="post" action="${href}"><button class="button primary">${text}</button></form>`
    : html`<p><a class="button primary" href="${href}">${text}</a></p>`;

function keyOf(problem: Problem, part: 'title' | 'text'): TextKey {
  const key = `problem.${problem}.${part}`;
  return isTextKey(key) ? key : `problem.internal.${part}`;
}
