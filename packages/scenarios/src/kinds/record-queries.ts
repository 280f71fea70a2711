import type { JsonObject, Query } from '../module/module.ts';
import { shape, text } from '../module/shapes.ts';
import type { RecordState } from './record.ts';

export function recordQueries<H>(): { readonly [name: string]: Query<RecordState<H>, never> } {
  const flagged: Query<RecordState<H>, { readonly flag?: string }> = {
    summary: { 'zh-CN': '有标记的条目', en: 'Items that rules have flagged' },
    schema: shape({ flag: text(64) }, ['flag']),
    paged: true,
    run: ({ rows, args }) =>
      [...rows].flatMap(({ id, state }) => {
        const found = state.flagged.filter(
          ({ flags }) => args.flag === undefined || flags.includes(args.flag),
        );
        return found.length > 0 ? [{ id, owner: state.owner, items: found }] : [];
      }),
  };
  const totals: Query<RecordState<H>, JsonObject> = {
    summary: { 'zh-CN': '批次、条目与标记数', en: 'Numbers of batches, items and flags' },
    schema: shape({}),
    paged: true,
    run: ({ rows }) =>
      [...rows].map(({ id, state }) => {
        const { owner, status, batches, items, flags, flaggedItems, corrections, summary } = state;
        return { id, owner, status, batches, items, flags, flaggedItems, corrections, summary };
      }),
  };
  return { flagged, totals };
}
