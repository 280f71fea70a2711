import { type Html, html, type Locale, trustedHtml } from '@attestel/core';
import type { ClaimName } from '../claims/catalogue.ts';
import { textsOf } from '../i18n/catalogue.ts';
import { CONSENTS_PATH } from './consents.page.ts';
import { layout } from './layout.ts';
import { previewOf } from './preview.ts';

export interface ConsentItem {
  readonly claim: ClaimName;
  /** What the wallet disclosed; undefined where it did not. */
  readonly value: unknown;
  readonly on: boolean;
  /** A warning: shown, not asked. */
  readonly locked: boolean;
}

export interface ConsentInput {
  readonly locale: Locale;
  readonly app: {
    readonly name: string;
    readonly domain: string;
    readonly member: string;
    readonly purpose: string;
  };
  readonly items: readonly ConsentItem[];
  /** Whether the person wanted an earlier choice kept. */
  readonly remembered: boolean;
  /** What the person is told, as a hash: it comes back with what they decide. */
  readonly digest: string;
  /** Whether something changed since the person saw the page. */
  readonly changed?: boolean;
  /** Which card answered, where it may have been somebody else's. */
  readonly card?: { readonly operator: string; readonly number: string | null };
  readonly self: string;
}

/** What the app gets. The person decides by pressing a button that says what it does. */
export function consentPage(input: ConsentInput): Html {
  const { locale, app, items, card, remembered, self, digest, changed } = input;
  const text = textsOf(locale);
  const title = text('consent.title', { app: app.name });
  const optional = items.some(({ locked }) => !locked);
  const lead = items.length > 0 ? 'consent.lead' : 'consent.nothing';
  return layout({
    locale,
    title,
    body: html`<h1>${title}</h1>
${changed && html`<p class="warning" role="alert" data-problem="consent_changed">${text('consent.changed')}</p>`}
<p>${text(lead, { app: app.name, domain: app.domain })}</p>
<dl><dt>${text('consent.purpose')}</dt><dd>${app.purpose}</dd>${card && cardRow(card, locale)}</dl>
<p>${text('consent.vouched', { member: app.member })}</p>
<form method="post" action="${self}/consent" id="consent">
<input type="hidden" name="shown" value="${digest}">
<ul class="claims">
<li><span><strong>${text('claim.sub')}</strong><small>${text('consent.pseudonym')}</small></span><span class="always">${text('consent.always')}</span></li>
${items.map((item) => itemRow(item, locale))}
</ul>
<label class="remember"><input type="checkbox" name="remember" value="1"${trustedHtml(remembered ? ' checked' : '')}> ${text('consent.remember')}</label>
<p><small>${text('consent.withdraw-hint')} <a href="${CONSENTS_PATH}?ui_locales=${locale}">${text('consents.title')}</a></small></p>
<div class="actions">
<button class="button primary" name="decision" value="share">${text(optional ? 'consent.share' : 'consent.continue')}</button>
${optional && html`<button class="button" name="decision" value="nothing">${text('consent.share-nothing')}</button>`}
<button class="button quiet" name="decision" value="cancel">${text('consent.cancel')}</button>
</div>
</form>`,
  });
}

const cardRow = ({ operator, number }: NonNullable<ConsentInput['card']>, locale: Locale): Html => {
  const text = textsOf(locale);
  return html`<dt>${text('consent.card')}</dt><dd data-card>${number === null ? operator : `${operator}, ${number}`}<br><small>${text('consent.card-check')}</small></dd>`;
};

function itemRow({ claim, value, on, locked }: ConsentItem, locale: Locale): Html {
  const text = textsOf(locale);
  const shown = value !== undefined;
  const preview = shown ? previewOf(claim, value, text) : text('consent.not-shown');
  if (locked) {
    return html`<li data-locked="${claim}"><span><strong>${text(`claim.${claim}`)}</strong><small>${preview}</small></span><span class="always">${text('consent.always')}</span></li>`;
  }
  return html`<li><label><span><strong>${text(`claim.${claim}`)}</strong><small>${preview}</small></span>
<input type="checkbox" class="toggle" name="claim" value="${claim}"${trustedHtml(shown && on ? ' checked' : '')}${trustedHtml(shown ? '' : ' disabled')}></label></li>`;
}
