import { type Bytes, equalBytes } from '@attestel/core';
import type { Operation } from '@attestel/ledger';
import { fail } from '../errors.ts';

/** That whoever signed knew how the object stood. @throws AppError pki_previous */
export function assertPrevious({ payload }: Operation, last: Bytes | null): void {
  const { previous = null } = payload;
  const isLast = previous === null || last === null ? previous === last : equalBytes(previous, last);
  if (!isLast) throw fail('pki_previous', { field: '/payload/previous' });
}
