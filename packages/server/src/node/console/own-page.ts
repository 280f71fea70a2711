import type { HttpRequest } from '@attestel/core';
import { fail } from '../../errors.ts';

/** Header that the console's own page sends along. Another origin's page would have to ask first, and is not allowed. */
export const CONSOLE_HEADER = 'attestel-console';

/**
 * Whether a request comes from the console's own page: other pages of this host, on other ports, count as the same site
 * for cookies.
 * @throws AppError console_foreign_request
 */
export function assertOwnPage({ headers }: Pick<HttpRequest, 'headers'>, origin: string): void {
  const isMarked = headers[CONSOLE_HEADER] === '1';
  const isOwn = headers.origin === undefined || headers.origin === origin;
  // Fetch Metadata: browsers say where a request comes from, scripts cannot.
  const isSame = ['same-origin', undefined].includes(headers['sec-fetch-site']);
  if (!isMarked || !isOwn || !isSame) throw fail('console_foreign_request');
}
