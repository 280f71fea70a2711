import type { HttpRequest } from '@attestel/core';
import type { IssuerContext } from '../context.ts';
import { readForm } from '../endpoints/read-body.ts';
import { fail } from '../errors.ts';

/**
 * A form of this page. There is no session to abuse, but another site must not press these buttons either.
 * Browsers say where a form comes from by Fetch Metadata, and where they do not (plain http), by Origin;
 * what says neither is no browser.
 * @throws AppError cross_site_form, request_malformed
 */
export function readOwnForm(issuer: IssuerContext, request: HttpRequest): ReadonlyMap<string, string> {
  const { origin, 'sec-fetch-site': site } = request.headers;
  const isOwn =
    site === undefined
      ? origin === undefined || origin === new URL(issuer.issuerUrl).origin
      : site === 'same-origin';
  if (!isOwn) throw fail('cross_site_form');
  return readForm(request);
}

/** Only addresses of the configured wallet: else this page would send people anywhere. */
export function checkedReturn(issuer: IssuerContext, value: string | null | undefined): string | undefined {
  if (value === null || value === undefined || value === '') return undefined;
  const { walletUrl } = issuer;
  if (walletUrl === undefined || !URL.canParse(value)) throw fail('return_not_allowed', { field: 'return' });
  const url = new URL(value);
  const isWallet = url.origin === new URL(walletUrl).origin && url.username === '' && url.password === '';
  if (!isWallet) throw fail('return_not_allowed', { field: 'return' });
  return url.href;
}
