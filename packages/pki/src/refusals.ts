import { AppError, type ErrorOptions, type ErrorRow } from '@attestel/core';
import { x509Errors } from '@attestel/x509';
import { errors } from './errors.ts';

const TABLE: Readonly<Record<string, ErrorRow>> = { ...x509Errors, ...errors };

/** The refusal of an item, of which the log keeps the code only. */
export const refusalOf = (code: string, options?: ErrorOptions): AppError =>
  new AppError(code, TABLE[code] ?? errors.pki_nothing_accepted, options);

/** Refusal of a submission of which nothing is left: the first item's, with the codes of all where there are more. */
export function refusedAll(codes: readonly string[]): AppError {
  const [first = 'pki_nothing_accepted'] = codes;
  return refusalOf(first, {
    field: '/items/0',
    ...(codes.length > 1 ? { extra: { codes: codes.join(' ') } } : {}),
  });
}
