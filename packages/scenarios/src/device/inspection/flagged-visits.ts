import type { Flagged, RecordState } from '../../kinds/record.ts';
import type { Query, QueryRequest, Row } from '../../module/module.ts';
import { shape, text } from '../../module/shapes.ts';
import { flagsAcross, joined, visitsOf } from './flags-across.ts';

type Request = QueryRequest<RecordState, { readonly flag?: string }>;

/** In place of the kind's own: also with the flags that one record alone does not show. */
export const flaggedVisits: Query<RecordState, { readonly flag?: string }> = {
  summary: {
    'zh-CN': '有标记的巡检条目，含与其他记录及故障比对所见',
    en: 'Visits with flags, also those that show only beside other records and faults',
  },
  schema: shape({ flag: text(64) }, ['flag']),
  paged: true,
  run: ({ rows, args, find, rowsOf }) => {
    const page = [...rows];
    const device = [...new Set(page.flatMap(({ state }) => visitsOf(state).visits.map((one) => one.device)))];
    const across = flagsAcross(withRelated(page, find), rowsOf('device.fault', { device }));
    return page.flatMap(({ id, state }) => {
      const items = flaggedOf(state, across.get(id)).filter(
        ({ flags }) => args.flag === undefined || flags.includes(args.flag),
      );
      return items.length > 0 ? [{ id, owner: state.owner, items }] : [];
    });
  },
};

/** With all records that have a photo or a worker in common with these. */
function withRelated(page: readonly Row<RecordState>[], find: Request['find']): readonly Row<RecordState>[] {
  const sums = page.map(({ state }) => visitsOf(state));
  const photo = [...new Set(sums.flatMap(({ photos }) => photos))];
  const worker = [...new Set(sums.flatMap(({ scans }) => scans.map((scan) => scan.worker)))];
  const rows = new Map(page.map((row) => [row.id, row]));
  for (const row of [...find({ photo }), ...find({ worker })]) rows.set(row.id, row);
  return [...rows.values()];
}

function flaggedOf(
  { flagged }: RecordState,
  across: ReadonlyMap<number, readonly string[]> = new Map(),
): readonly Flagged[] {
  const flags = new Map(flagged.map((one) => [one.item, one.flags]));
  for (const [item, more] of across) flags.set(item, joined(more, flags.get(item)));
  return [...flags].sort(([a], [b]) => a - b).map(([item, all]) => ({ item, flags: all }));
}
