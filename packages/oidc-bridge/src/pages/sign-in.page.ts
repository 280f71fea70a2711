import { type Html, html, type Locale, trustedHtml } from '@attestel/core';
import { textsOf } from '../i18n/catalogue.ts';
import { liveScript } from './assets.ts';
import { layout } from './layout.ts';
import { qrCode } from './qr-code.ts';

/** States a live page shows; the catalogue has a text for each. */
export const LIVE_STATES = ['waiting', 'opened', 'answered', 'completed', 'expired', 'refused'] as const;
export type LiveState = (typeof LIVE_STATES)[number];

interface Offered {
  readonly link: string;
  readonly state: LiveState;
}

export interface SignInInput {
  readonly locale: Locale;
  readonly app: { readonly name: string; readonly member: string };
  readonly runBy: string;
  /** Link to the wallet on this device; null where this sign-in must not use it. */
  readonly here: string | null;
  /** QR code for another device. */
  readonly there: Offered | 'on-request' | null;
  readonly phone: boolean;
  readonly self: string;
  readonly walletUrl: string;
}

export function signInPage(input: SignInInput): Html {
  const text = textsOf(input.locale);
  const title = text('sign-in.title', { app: input.app.name });
  const parts = [hereSection(input), thereSection(input)];
  return layout({
    locale: input.locale,
    title,
    head:
      isOffered(input.there) &&
      html`<script type="module" src="${liveScript.path}"></script>
<noscript><meta http-equiv="refresh" content="5"></noscript>`,
    body: html`<h1>${title}</h1>
<p>${text('sign-in.lead')}</p>
${input.phone ? parts : parts.reverse()}
<p><a href="${input.walletUrl}">${text('sign-in.no-wallet')}</a></p>
<form method="post" action="${input.self}/cancel"><button class="button quiet">${text('consent.cancel')}</button></form>
<footer><p>${text('sign-in.vouched', { member: input.app.member })}</p>
<p>${text('sign-in.run-by', { name: input.runBy })}</p></footer>`,
  });
}

function hereSection({ locale, here }: SignInInput): Html {
  const text = textsOf(locale);
  if (here === null) return html``;
  return html`<section class="here"><a class="button primary" id="wallet-link" href="${here}">${text('sign-in.here')}</a></section>`;
}

function thereSection(input: SignInInput): Html {
  const text = textsOf(input.locale);
  if (input.there === 'on-request') {
    return html`<p><a href="${input.self}?elsewhere=1">${text('sign-in.qr-elsewhere')}</a></p>`;
  }
  if (input.there === null) return html``;
  return html`<h2>${text('sign-in.qr')}</h2>${liveSection(input.there, input)}`;
}

const isOffered = (there: SignInInput['there']): there is Offered =>
  typeof there === 'object' && there !== null;

function liveSection(there: Offered, { locale, self }: SignInInput): Html {
  const text = textsOf(locale);
  const hiddenUnless = (shown: boolean): Html => (shown ? html`` : trustedHtml(' hidden'));
  return html`<section class="there" id="live" data-self="${self}" data-state="${there.state}">
<p class="state" role="status" aria-live="polite">${LIVE_STATES.map(
    (state) =>
      html`<span data-for="${state}"${hiddenUnless(state === there.state)}>${text(`state.${state}`)}</span>`,
  )}</p>
<p id="renew"${hiddenUnless(there.state === 'expired')}><a class="button" href="${self}">${text('sign-in.new-code')}</a></p>
<figure class="qr" role="img" aria-label="${text('sign-in.qr-alt')}">${qrCode(there.link)}</figure>
<p>${text('sign-in.qr-help')}</p>
<p class="copy"><a href="${there.link}">${text('sign-in.copy')}</a></p>
</section>`;
}
