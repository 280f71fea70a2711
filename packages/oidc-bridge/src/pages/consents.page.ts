import { type Html, html, type Locale } from '@attestel/core';
import type { ClaimName } from '../claims/catalogue.ts';
import { textsOf } from '../i18n/catalogue.ts';
import { layout } from './layout.ts';

/** Where people see and take back what they agreed to. */
export const CONSENTS_PATH = '/consents';

export interface ConsentRow {
  readonly clientId: string;
  readonly app: string;
  readonly member: string;
  readonly granted: readonly ClaimName[];
  /** Unix seconds. */
  readonly since: number;
  readonly until: number;
  /** Number of its record. */
  readonly serial?: string | undefined;
}

export interface ConsentsInput {
  readonly locale: Locale;
  /** Undefined: nobody is signed in with this browser. */
  readonly rows: readonly ConsentRow[] | undefined;
  /** App whose consent was just taken back. */
  readonly withdrawn?: string | undefined;
}

/** What a person agreed to, each with a button that ends it. */
export function consentsPage({ locale, rows, withdrawn }: ConsentsInput): Html {
  const text = textsOf(locale);
  const title = text('consents.title');
  const lead = rows === undefined ? 'consents.nobody' : rows.length > 0 ? 'consents.lead' : 'consents.none';
  return layout({
    locale,
    title,
    body: html`<h1>${title}</h1>
${withdrawn !== undefined && html`<p role="status" data-withdrawn>${text('consents.withdrawn', { app: withdrawn })}</p>`}
<p>${text(lead)}</p>
${(rows ?? []).map((row) => rowOf(row, locale))}
<footer><p><a lang="zh-CN" href="${CONSENTS_PATH}?ui_locales=zh-CN">中文</a></p>
<p><a lang="en" href="${CONSENTS_PATH}?ui_locales=en">English</a></p></footer>`,
  });
}

function rowOf({ clientId, app, member, granted, since, until, serial }: ConsentRow, locale: Locale): Html {
  const text = textsOf(locale);
  const heading = `app-${clientId}`;
  return html`<section data-app="${clientId}" aria-labelledby="${heading}">
<h2 id="${heading}">${app}</h2>
<p>${text('consent.vouched', { member })}</p>
<ul class="claims">
${(['sub', ...granted] as const).map((claim) => html`<li><span>${text(`claim.${claim}`)}</span></li>`)}
</ul>
<dl><dt>${text('consents.since')}</dt><dd>${dateOf(since)}</dd><dt>${text('consents.until')}</dt><dd>${dateOf(until)}</dd>
${serial !== undefined && html`<dt>${text('consents.serial')}</dt><dd data-serial>${serial}</dd>`}</dl>
<form method="post" action="${CONSENTS_PATH}/withdraw">
<input type="hidden" name="ui_locales" value="${locale}">
<button class="button" name="app" value="${clientId}">${text('consents.withdraw', { app })}</button>
</form>
</section>`;
}

function dateOf(seconds: number): Html {
  const day = new Date(seconds * 1000).toISOString().slice(0, 10);
  return html`<time datetime="${day}">${day}</time>`;
}
