import { fillText, type HttpResponse, html } from '@attestel/core';
import type { IssuerContext } from '../context.ts';
import type { CredentialOffer } from '../offers/offers.ts';
import { walletLink } from '../offers/wallet-link.ts';
import type { Subscriber } from '../subscribers/subscriber.ts';
import { framedPage, readableNumber, readableTime, type Speech } from './frame.ts';

/** The offer, as a link for this device and as text for another one, and the PIN. */
export function offerPage(
  issuer: IssuerContext,
  speech: Speech,
  made: {
    readonly offer: CredentialOffer;
    readonly subscriber: Subscriber;
    readonly returnTo: string | undefined;
  },
): HttpResponse {
  const { t, locale } = speech;
  const { offer, returnTo } = made;
  const link = issuer.walletUrl && walletLink(issuer.walletUrl, offer.credentialOfferUri, returnTo);
  const back = new URLSearchParams({ lang: locale, ...(returnTo === undefined ? {} : { return: returnTo }) });
  return framedPage(issuer, speech, {
    title: t.my.offerTitle,
    body: html`<header><span class="badge">${t.my.simulated}</span></header>
<h1>${t.my.offerTitle}</h1>
<p class="number">${fillText(t.my.offerFor, { number: readableNumber(made.subscriber.phoneNumber) })}</p>
<section class="card"><h2 id="pin-name">${t.my.pin}</h2>
<p class="pin" aria-labelledby="pin-name" data-pin>${offer.txCode}</p>
<p class="quiet">${t.my.pinHint}</p>
<p class="quiet">${fillText(t.my.expires, { time: readableTime(offer.expiresAt, locale) })}</p>
${link && html`<p><a class="button" href="${link}" data-wallet-link>${t.my.openWallet}</a></p>`}
<details><summary>${t.my.otherDevice}</summary><p>${t.my.otherDeviceHint}</p><code data-offer>${offer.offerUri}</code></details></section>
<p><a href="${issuer.basePath}/my?${back.toString()}">${t.my.back}</a></p>`,
  });
}
