import { type Bytes, equalBytes } from '@attestel/core';
import type { State } from '@attestel/ledger';
import { fail } from '../errors.ts';
import type { LineBody } from './line.schema.ts';
import { deleteToken, readToken, writeToken } from './records.ts';

/**
 * Releases, then takes. A token belongs to the first object of the line that takes it; what is taken by `unique`
 * stays taken (a serial number, a spent amount), what is taken by `hold` a line of that object can release (a
 * booked slot). @throws AppError line_token_not_held, line_token_taken
 */
export function moveTokens(
  state: State,
  ns: string,
  { id, body }: { readonly id: Bytes; readonly body: LineBody },
): void {
  const { heads, unique, hold, release } = body;
  const ref = (heads[0] as (typeof heads)[number]).ref; // at least one, by its schema
  release.forEach((token, i) => {
    const holder = readToken(state, ns, token);
    if (!holder?.releasable || !heads.some((head) => equalBytes(head.ref, holder.ref))) {
      throw fail('line_token_not_held', { field: `/release/${i}` });
    }
    deleteToken(state, ns, token);
  });
  const take = (token: Bytes, releasable: boolean, field: string): void => {
    if (readToken(state, ns, token)) throw fail('line_token_taken', { field });
    writeToken(state, ns, token, { ref, line: id, releasable });
  };
  unique.forEach((token, i) => {
    take(token, false, `/unique/${i}`);
  });
  hold.forEach((token, i) => {
    take(token, true, `/hold/${i}`);
  });
}
