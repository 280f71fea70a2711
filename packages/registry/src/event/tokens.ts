import { type Bytes, equalBytes } from '@attestel/core';
import type { State } from '@attestel/ledger';
import { fail } from '../errors.ts';
import { sharedTokenKey, tokenOf } from './commitments.ts';
import type { DecidedEvent } from './decider.ts';
import type { LineBody } from './line.schema.ts';
import { deleteToken, readToken, type TokenTable, writeToken } from './records.ts';

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
  // The key of shared modules is public. Theirs are apart, so that no private line can take them.
  const table: TokenTable = body.shared === null ? 'token' : 'shared-token';
  const ref = (heads[0] as (typeof heads)[number]).ref; // at least one, by its schema
  release.forEach((token, i) => {
    const holder = readToken(state, ns, token, table);
    if (!holder?.releasable || !heads.some((head) => equalBytes(head.ref, holder.ref))) {
      throw fail('line_token_not_held', { field: `/release/${i}` });
    }
    deleteToken(state, ns, token, table);
  });
  const take = (token: Bytes, releasable: boolean, field: string): void => {
    if (readToken(state, ns, token, table)) throw fail('line_token_taken', { field });
    writeToken(state, ns, token, { holder: { ref, line: id, releasable }, table });
  };
  unique.forEach((token, i) => {
    take(token, false, `/unique/${i}`);
  });
  hold.forEach((token, i) => {
    take(token, true, `/hold/${i}`);
  });
}

const LISTS = ['unique', 'hold', 'release'] as const;

/** Tokens that a shared line has to carry: of the keys that its events name, each once, in their order. */
export function sharedTokens(
  channel: string,
  module: string,
  events: readonly DecidedEvent[],
): Pick<LineBody, (typeof LISTS)[number]> {
  const key = sharedTokenKey(channel);
  const of = (list: (typeof LISTS)[number]): Bytes[] =>
    [...new Set(events.flatMap((event) => event[list] ?? []))].map((one) => tokenOf(key, module, one));
  return { unique: of('unique'), hold: of('hold'), release: of('release') };
}

/** Refuses a line that leaves out a token of its events, or takes or frees another. @throws AppError line_tokens_unfit */
export function assertTokens(body: LineBody, needed: Pick<LineBody, (typeof LISTS)[number]>): void {
  for (const list of LISTS) {
    const [own, theirs] = [needed[list], body[list]];
    const fits = own.length === theirs.length && own.every((one, i) => equalBytes(one, theirs[i] as Bytes));
    if (!fits) throw fail('line_tokens_unfit', { field: `/${list}` });
  }
}
