import { type Html, type HtmlPart, type HttpResponse, html, type Locale, page } from '@attestel/core';
import { stylesheet } from './assets.ts';

export interface LayoutInput {
  readonly locale: Locale;
  readonly title: string;
  readonly body: HtmlPart;
  readonly head?: HtmlPart;
}

/** The frame of every page. Nothing inline, nothing from elsewhere. */
export const layout = ({ locale, title, body, head }: LayoutInput): Html => html`<!doctype html>
<html lang="${locale}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${title}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${stylesheet.path}">
${head}
</head>
<body>
<main>
${body}
</main>
</body>
</html>
`;

/**
 * Headers of a page. `formTargets`: where a form may end up, because browsers hold redirects after a form
 * to `form-action` too.
 */
export const pageHeaders = (formTargets: readonly string[] = []): Record<string, string> => ({
  'content-security-policy': contentSecurityPolicy(formTargets),
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
});

export const contentSecurityPolicy = (formTargets: readonly string[]): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    `form-action ${["'self'", ...formTargets].join(' ')}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');

export const respond = (
  body: Html,
  options: { readonly status?: number; readonly formTargets?: readonly string[] } = {},
): HttpResponse => page(body, options.status ?? 200, pageHeaders(options.formTargets));

/** Origins of URLs as CSP sources. */
export const originsOf = (urls: readonly string[]): string[] => [
  ...new Set(urls.map((url) => new URL(url).origin)),
];
