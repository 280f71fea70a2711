import { hash } from 'node:crypto';
import { canonicalizeJson, type JsonValue } from '@attestel/core';
import { maskNumber } from '@attestel/credentials';
import { isRegistered, isWarning, toggleOf } from '../claims/catalogue.ts';
import { noticeOf } from '../consent/notice.ts';
import type { ConsentInput, ConsentItem } from '../pages/consent.page.ts';
import type { LoginState } from './login-state.ts';
import type { InteractionContext, Visit } from './visit.ts';

/** Who decides: signed in just now by the wallet, or before by a session. */
export type Subject =
  | NonNullable<LoginState['outcome']>
  | { readonly account: string; readonly mode?: undefined };

/** What the person is told before they decide. */
export interface ConsentView extends Pick<ConsentInput, 'locale' | 'app' | 'card'> {
  readonly items: readonly Pick<ConsentItem, 'claim' | 'value' | 'locked'>[];
  /** SHA-256 in hex of all that, for this person: a decision is about this and nothing that came later. */
  readonly digest: string;
}

/** What there is to decide at present. Whose card answered is told where it may have been somebody else's. */
export function consentView(visit: Visit, subject: Subject, context: InteractionContext): ConsentView {
  const { app, locale } = visit;
  const member = context.options.registry.member(app.member);
  const said = {
    locale,
    app: {
      name: app.name[locale],
      domain: new URL(String(visit.interaction.params.redirect_uri)).host,
      member: member?.name[locale] ?? app.member,
      purpose: app.purpose[locale],
    },
    items: itemsOf(visit, subject.account, context),
    ...(subject.mode === 'cross-device' ? cardOf(visit, subject.account, context) : {}),
  };
  const shown = { ...said, account: subject.account, notice: noticeOf(app, context).digest };
  // Through JSON: what the wallet did not disclose is undefined here and absent there.
  const text = canonicalizeJson(JSON.parse(JSON.stringify(shown)) as JsonValue);
  return { ...said, digest: hash('sha256', text) };
}

function itemsOf(visit: Visit, account: string, context: InteractionContext): ConsentView['items'] {
  const claims = context.attributes.find(account, visit.app.clientId)?.claims ?? {};
  // Told to every app that is registered for it, asked or not.
  const pending = claims.binding_pending === true && isRegistered('binding_pending', visit.app.claims);
  const rows = new Set([...visit.asked.map(toggleOf), ...(pending ? (['binding_pending'] as const) : [])]);
  return [...rows].map((claim) => ({ claim, value: claims[claim], locked: isWarning(claim) }));
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
