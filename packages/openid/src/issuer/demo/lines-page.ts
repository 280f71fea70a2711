import { fillText, type Html, type HttpResponse, html } from '@attestel/core';
import type { IssuerContext } from '../context.ts';
import { LINE_TRANSITIONS } from '../line/transitions.ts';
import type { Subscriber } from '../subscribers/subscriber.ts';
import { framedPage, readableNumber, readableTime, type Speech } from './frame.ts';

/** Events a visitor may try on a sample line. */
export const DEMO_EVENTS = ['sim-swap', 'suspend', 'resume', 're-issue', 'transfer', 'terminate'] as const;
export type DemoEvent = (typeof DEMO_EVENTS)[number];

export interface LinesModel {
  readonly returnTo: string | undefined;
  /** What was just done. */
  readonly done?: DemoEvent;
}

/** Which of the sample lines is this phone's? */
export function linesPage(issuer: IssuerContext, speech: Speech, model: LinesModel): HttpResponse {
  const { t } = speech;
  const lines = issuer.subscribers.list();
  return framedPage(issuer, speech, {
    title: t.my.title,
    body: html`<header><span class="badge">${t.my.simulated}</span>${languageLink(issuer, speech, model)}</header>
<h1>${fillText(t.my.heading, { operator: issuer.party.name[speech.locale] })}</h1>
<p class="quiet">${t.my.simulatedHint}</p>
${model.done && doneNotice(speech, model.done)}
${lines.length === 0 ? html`<p>${t.my.noLines}</p>` : html`<ul class="lines">${lines.map((line) => lineCard(issuer, speech, model, line))}</ul>`}`,
  });
}

const doneNotice = ({ t }: Speech, done: DemoEvent): Html =>
  html`<p class="notice" role="status"><strong>${fillText(t.my.done, { event: t.my.events[done] })}</strong> ${t.my.doneHint}</p>`;

function languageLink(issuer: IssuerContext, speech: Speech, model: LinesModel): Html {
  const other = speech.locale === 'en' ? 'zh-CN' : 'en';
  const query = new URLSearchParams({ lang: other });
  if (model.returnTo !== undefined) query.set('return', model.returnTo);
  return html`<a href="${issuer.basePath}/my?${query.toString()}" lang="${other}" hreflang="${other}">${speech.t.my.otherLanguage}</a>`;
}

function lineCard(issuer: IssuerContext, speech: Speech, model: LinesModel, subscriber: Subscriber): Html {
  const { t, locale } = speech;
  const { line, subscriptionId } = subscriber;
  const number = readableNumber(subscriber.phoneNumber);
  const hidden = hiddenFields(speech, model, subscriptionId);
  const getCard = html`<form method="post" action="${issuer.basePath}/my/offers">${hidden}
<button class="main" aria-label="${fillText(t.my.actionFor, { action: t.my.getCard, number })}">${t.my.getCard}</button></form>`;
  return html`<li class="card" data-subscription="${subscriptionId}"><h2>${subscriber.holderName[locale]}</h2>
<p class="number">${number}</p>
<p class="quiet">${fillText(t.my.phase, { phase: t.my.phases[line.phase] })}</p>
${line.pending && html`<p class="quiet">${fillText(t.my.rebinding, { time: readableTime(line.pending.until, locale) })}</p>`}
${line.phase === 'active' && getCard}
${eventButtons(issuer, speech, { hidden, number, phase: line.phase })}</li>`;
}

function hiddenFields(speech: Speech, model: LinesModel, subscriptionId: string): Html {
  return html`<input type="hidden" name="subscriptionId" value="${subscriptionId}"><input type="hidden" name="lang" value="${speech.locale}">
${model.returnTo !== undefined && html`<input type="hidden" name="return" value="${model.returnTo}">`}`;
}

function eventButtons(
  issuer: IssuerContext,
  { t }: Speech,
  line: { readonly hidden: Html; readonly number: string; readonly phase: Subscriber['line']['phase'] },
): Html | false {
  const legal = DEMO_EVENTS.filter((event) => LINE_TRANSITIONS[event][line.phase] !== undefined);
  if (legal.length === 0) return false;
  const button = (event: DemoEvent): Html =>
    html`<button name="type" value="${event}" aria-label="${fillText(t.my.actionFor, { action: t.my.events[event], number: line.number })}">${t.my.events[event]}</button>`;
  return html`<details><summary>${t.my.lineEvents}</summary>
<form class="events" method="post" action="${issuer.basePath}/my/events">${line.hidden}${legal.map(button)}</form></details>`;
}
