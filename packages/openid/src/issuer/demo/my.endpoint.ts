import { type AppError, type HttpRequest, type HttpResponse, html, type Route } from '@attestel/core';
import type { IssuerContext } from '../context.ts';
import { recordEvent } from '../desk/events.endpoint.ts';
import { UNNAMED } from '../desk/find-line.ts';
import { fail } from '../errors.ts';
import { createOffer } from '../offers/offers.ts';
import { checkedReturn, readOwnForm } from './form.ts';
import { framedPage, speechOf } from './frame.ts';
import { DEMO_EVENTS, type DemoEvent, linesPage } from './lines-page.ts';
import { offerPage } from './offer-page.ts';
import { STYLESHEET } from './stylesheet.ts';

/**
 * Self-service of the demonstration: whoever opens it may be anybody. Mounted only when the configuration
 * says `demo`; a real operator proves the line by the network, TS.43 or its desk instead.
 */
export function demoRoutes(issuer: IssuerContext): Route[] {
  const path = `${issuer.basePath}/my`;
  const errorPage: Route['errorPage'] = (error, request) => demoError(issuer, error, request);
  const form = { accepts: ['application/x-www-form-urlencoded'], maxBodyBytes: 8192 };
  const shared = { errors: 'html', errorPage } as const;
  return [
    {
      ...shared,
      method: 'GET',
      path,
      summary: 'Demonstration: choose the line of this phone',
      handle: (request) => {
        const returnTo = checkedReturn(issuer, request.url.searchParams.get('return'));
        return linesPage(issuer, speechOf(request), { returnTo });
      },
    },
    {
      ...shared,
      ...form,
      method: 'POST',
      path: `${path}/offers`,
      summary: 'Demonstration: offer the card of a line',
      handle: (request) => offer(issuer, request),
    },
    {
      ...shared,
      ...form,
      method: 'POST',
      path: `${path}/events`,
      summary: 'Demonstration: let something happen to a line',
      handle: (request) => event(issuer, request),
    },
    {
      method: 'GET',
      path: `${path}/style.css`,
      summary: 'Stylesheet of the demonstration pages',
      errors: 'problem',
      handle: () => ({
        status: 200,
        headers: { 'content-type': 'text/css; charset=utf-8', 'cache-control': 'public, max-age=300' },
        body: STYLESHEET,
      }),
    },
  ];
}

async function offer(issuer: IssuerContext, request: HttpRequest): Promise<HttpResponse> {
  const form = readOwnForm(issuer, request);
  const returnTo = checkedReturn(issuer, form.get('return'));
  const subscriber = issuer.subscribers.get(form.get('subscriptionId') ?? '');
  if (subscriber === undefined) throw fail('subscriber_not_found');
  const { subscriptionId } = subscriber;
  const made = await createOffer(issuer, { subscriptionId, method: 'network' });
  return offerPage(issuer, speechOf(request, form.get('lang')), { offer: made, subscriber, returnTo });
}

async function event(issuer: IssuerContext, request: HttpRequest): Promise<HttpResponse> {
  const form = readOwnForm(issuer, request);
  const returnTo = checkedReturn(issuer, form.get('return'));
  const type = DEMO_EVENTS.find((name) => name === form.get('type')) satisfies DemoEvent | undefined;
  if (type === undefined) throw fail('body_invalid', { field: 'type' });
  const id = form.get('subscriptionId') ?? '';
  await recordEvent(issuer, id, type === 'transfer' ? { type, holderName: UNNAMED } : { type });
  return linesPage(issuer, speechOf(request, form.get('lang')), { returnTo, done: type });
}

function demoError(issuer: IssuerContext, error: AppError | undefined, request: HttpRequest): HttpResponse {
  const speech = speechOf(request);
  const { errors, my } = speech.t;
  const code = error?.code ?? 'other';
  const text =
    code !== 'title' && Object.hasOwn(errors, code) ? errors[code as keyof typeof errors] : errors.other;
  return framedPage(issuer, speech, {
    title: errors.title,
    status: error?.status ?? 500,
    body: html`<h1>${errors.title}</h1><p role="alert">${text}</p><p><a href="${issuer.basePath}/my">${my.back}</a></p>`,
  });
}
