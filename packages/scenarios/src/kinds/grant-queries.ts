import { instantOf } from '../module/instant.ts';
import type { JsonObject, Query } from '../module/module.ts';
import { DID, INSTANT, shape } from '../module/shapes.ts';
import { counts } from './effect.ts';
import type { GrantState } from './grant.ts';

/** What a grant is worth at a time. */
export type Standing =
  | 'requested'
  | 'active'
  | 'notYet'
  | 'expired'
  | 'exhausted'
  | 'revoked'
  | 'declined'
  | 'unknown';

/**
 * What the grant is worth at that time, in unix seconds, by what is known now: `unknown` where something of it was
 * erased and no end is known. It may have been the end, or a use.
 */
export function standingOf<P>({ status, effect, limit, uses, erased }: GrantState<P>, at: number): Standing {
  if (erased > 0 && (status === 'active' || status === 'requested')) return 'unknown';
  if (status !== 'active') return status;
  if (at < effect.from) return 'notYet';
  if (!counts(effect, at)) return 'expired';
  return limit !== null && uses >= limit ? 'exhausted' : 'active';
}

export function grantQueries<P>(): { readonly [name: string]: Query<GrantState<P>, never> } {
  const standing: Query<GrantState<P>, { readonly at: string; readonly grantee?: string }> = {
    summary: { 'zh-CN': '授权在某时的效力', en: 'What permissions are worth at a time' },
    schema: shape({ at: INSTANT, grantee: DID }, ['grantee']),
    by: ['grantee'],
    paged: true,
    run: ({ rows, args }) => {
      const at = instantOf(args.at, '/at');
      return Array.from(rows, ({ id, state }) => {
        const { grantee, scope, uses, limit } = state;
        return { id, grantee, scope: scope as JsonObject, uses, limit, standing: standingOf(state, at) };
      });
    },
  };
  const toApprove: Query<GrantState<P>, JsonObject> = {
    summary: { 'zh-CN': '等待本方批准的申请', en: 'Requests that wait for the reader' },
    schema: shape({}),
    paged: true,
    run: ({ rows, reader }) =>
      [...rows].flatMap(({ id, state }) => {
        const { requester, scope, approvals } = state;
        const waits =
          state.status === 'requested' &&
          [reader.party, reader.actor].some((did) => state.approvers.includes(did));
        return waits ? [{ id, requester, scope: scope as JsonObject, approvals: approvals.length }] : [];
      }),
  };
  return { standing, toApprove };
}
