import { instantOf } from '../module/instant.ts';
import type { Query } from '../module/module.ts';
import { DID, INSTANT, shape } from '../module/shapes.ts';
import type { CaseState } from './case.ts';

/** Whether the clock has run out at that time, or had when the case was resolved. */
export function isBreached<F>({ due, resolved, status }: CaseState<F>, at: number): boolean {
  if (due === null || status === 'cancelled') return false;
  return (resolved ?? at) > due;
}

export function caseQueries<F>(): { readonly [name: string]: Query<CaseState<F>, never> } {
  const overdue: Query<CaseState<F>, { readonly at: string }> = {
    summary: { 'zh-CN': '某时已超时限的案件', en: 'Cases whose clock had run out at a time' },
    schema: shape({ at: INSTANT }),
    paged: true,
    run: ({ rows, args }) => {
      const at = instantOf(args.at, '/at');
      return [...rows].flatMap(({ id, state }) => {
        const { category, status, due, assignee, level } = state;
        return isBreached(state, at) ? [{ id, category, status, due, assignee, level }] : [];
      });
    },
  };
  const toDo: Query<CaseState<F>, { readonly assignee: string }> = {
    summary: { 'zh-CN': '某方待办案件', en: 'Cases that wait for somebody, the soonest due first' },
    schema: shape({ assignee: DID }),
    by: ['assignee'],
    run: ({ rows }) =>
      [...rows]
        .filter(({ state: { status } }) => status === 'assigned' || status === 'inProgress')
        .sort((a, b) => (a.state.due ?? Number.MAX_SAFE_INTEGER) - (b.state.due ?? Number.MAX_SAFE_INTEGER))
        .map(({ id, state: { category, status, due } }) => ({ id, category, status, due })),
  };
  return { overdue, toDo };
}
