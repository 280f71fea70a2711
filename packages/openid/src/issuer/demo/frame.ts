import {
  type Html,
  type HttpRequest,
  type HttpResponse,
  html,
  type Locale,
  negotiateLocale,
  page,
} from '@attestel/core';
import type { IssuerContext } from '../context.ts';
import { type Texts, texts } from '../i18n/texts.ts';

/** Language and texts of one answer. */
export interface Speech {
  readonly locale: Locale;
  readonly t: Texts;
}

export function speechOf(request: HttpRequest, chosen?: string): Speech {
  const wanted = chosen ?? request.url.searchParams.get('lang') ?? undefined;
  const locale = negotiateLocale(wanted, request.headers['accept-language']);
  return { locale, t: texts(locale) };
}

/** Nothing but our own stylesheet and forms to ourselves; no frames, no scripts. */
const CSP = [
  "default-src 'none'",
  "style-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

export function framedPage(
  issuer: IssuerContext,
  speech: Speech,
  content: { readonly title: string; readonly body: Html; readonly status?: number },
): HttpResponse {
  const name = issuer.party.name[speech.locale];
  const document = html`<!doctype html>
<html lang="${speech.locale}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${content.title} · ${name}</title>
<link rel="stylesheet" href="${issuer.basePath}/my/style.css">
</head>
<body><main>${content.body}</main></body>
</html>`;
  return page(document, content.status ?? 200, {
    'content-security-policy': CSP,
    // Not no-referrer: browsers would send our own forms with `Origin: null` then.
    'referrer-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
  });
}

/** Groups the eleven national digits as people in China read them; other lengths stay as they are. */
export const readableNumber = (phoneNumber: string): string =>
  phoneNumber.replace(/^(\+\d{1,3})(\d{3})(\d{4})(\d{4})$/, '$1 $2 $3 $4');

/** A time in the reader's language, UTC named as such. */
export function readableTime(seconds: number, locale: Locale): string {
  const format = new Intl.DateTimeFormat(locale, {
    dateStyle: 'medium',
    timeStyle: 'short',
    timeZone: 'UTC',
  });
  return `${format.format(seconds * 1000)} UTC`;
}
