import { type Bytes, equalBytes, toHex } from '@attestel/core';
import type { State } from '@attestel/ledger';
import { fail } from '../errors.ts';
import type { DidOperation } from './operation-body.ts';
import { type HeadRecord, readHead, shownAs } from './records.ts';

type Following = Exclude<DidOperation, { kind: 'create' }>;

/** The active head that an operation must follow. @throws AppError did_not_found, did_deactivated, wrong_previous */
export function assertFollows(state: State, { did, previous }: Following): HeadRecord {
  const head = readHead(state, did);
  if (head === undefined) throw fail('did_not_found');
  if (head.deactivated) throw fail('did_deactivated');
  if (!equalBytes(previous, head.operation)) {
    throw fail('wrong_previous', { extra: { head: toHex(head.operation) } });
  }
  return head;
}

/** No key that anybody has seen can control the DID later (specs/did-mno.md §4.3). @throws AppError key_reused */
export function assertNeverShown(state: State, did: string, next: readonly Bytes[]): void {
  if (next.some((commitment) => shownAs(state, did, commitment) !== undefined)) {
    throw fail('key_reused', { field: '/next' });
  }
}
