import type { JsonValue } from '@attestel/core';
import { DECIMAL } from '../../decimal/decimal.ts';
import { fail } from '../../errors.ts';
import { type RecordState, record } from '../../kinds/record.ts';
import type { JsonObject, Query } from '../../module/module.ts';
import { DID, list, OBJECT_ID, shape } from '../../module/shapes.ts';
import { isOperator, OPERATOR, ownsCodes } from '../credentials.ts';
import { periodOfDayNumber } from '../period.ts';
import { QUANTITY } from '../quantity.ts';
import { compareUsage, DEFAULT_TOLERANCE, type Tolerance } from '../settlement/discrepancy.ts';
import { checkUsageRow, sumUsage, USAGE_ROW, type UsageRow } from '../settlement/usage-row.ts';
import { refuse } from '../xml/element.ts';

type Head = { readonly partner: string };
export type UsageState = RecordState<Head>;

/** Months, networks and services of one record, at most: what a statement looks at stays small. */
const MAX_SUMS = 10_000;

export type UsageSummary = {
  /** Rows summed by month, networks and service, in that order. */
  readonly rows: readonly UsageRow[];
  /** Whether items were corrected: then no statement is made of the record, a new one takes its place. */
  readonly corrected: boolean;
};

const SUM = shape({ ...(USAGE_ROW.properties as { [field: string]: JsonObject }), usage: DECIMAL });

export const summaryOf = ({ summary }: UsageState): UsageSummary =>
  (summary as UsageSummary | null) ?? { rows: [], corrected: false };

/** Usage of customers abroad as one operator counts it, row by row (BCE's UDR), for one partner. */
export const roamingUsage = record<Head, UsageRow>({
  name: 'roaming.usage',
  version: '1.0.0',
  summary: { 'zh-CN': '漫游用量', en: 'Roaming usage' },
  sums: {
    schema: shape({ rows: list(SUM, MAX_SUMS), corrected: { type: 'boolean' } }),
    batch: ({ items, state }) => {
      const before = state ? summaryOf(state) : undefined;
      return { rows: summed([...(before?.rows ?? []), ...items]), corrected: before?.corrected ?? false };
    },
    correction: ({ state }) => ({ ...summaryOf(state), corrected: true }),
  },
  head: shape({ partner: DID }),
  item: USAGE_ROW,
  repairs: {
    'excel-dates': {
      summary: {
        'zh-CN': '表格软件的日期序号还原为月份',
        en: 'The number of a day of a spreadsheet taken for its month',
      },
      holds: ({ period }, { field, was }) => field === 'period' && periodOfDayNumber(was) === period,
    },
  },
  batch: 100_000,
  credentials: OPERATOR,
  may: { submit: ({ context }) => isOperator(context) },
  checks: {
    submit: ({ data, context, state }) => {
      const { head, items } = data as { head: Head; items: readonly UsageRow[] };
      if (state && state.head?.partner !== head.partner) throw fail('conflict', { field: '/head/partner' });
      if (head.partner === context.party) throw refuse('/head/partner', 'is the submitting party');
      for (const [index, row] of items.entries()) {
        checkUsageRow(row, `/items/${index}`);
        const { homeTadig, visitorTadig } = row;
        if (!ownsCodes(context, [homeTadig]) && !ownsCodes(context, [visitorTadig]))
          throw fail('permission_denied', { field: `/items/${index}/visitorTadig` });
      }
    },
  },
  queries: { compare: compare() },
});

function summed(rows: readonly UsageRow[]): readonly UsageRow[] {
  const firsts = new Map<string, UsageRow>();
  const keyOf = ({ period, homeTadig, visitorTadig, service, currency }: UsageRow): string =>
    [period, homeTadig, visitorTadig, service, currency].join('\t');
  for (const row of rows) firsts.set(keyOf(row), row);
  if (firsts.size > MAX_SUMS) throw fail('out_of_range', { field: '/items', extra: { sums: MAX_SUMS } });
  const sums = sumUsage(rows, keyOf);
  return [...firsts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, row]) => ({ ...row, usage: sums.get(key) ?? '0' }));
}

type Compare = { readonly own: string; readonly partner: string; readonly tolerance?: Tolerance };

function compare(): Query<UsageState, Compare> {
  return {
    summary: {
      'zh-CN': '两方用量的差异（己方减对方），附容差',
      en: 'Where two records differ by more than a tolerance: own minus partner',
    },
    schema: shape(
      {
        own: OBJECT_ID,
        partner: OBJECT_ID,
        tolerance: shape({ absolute: QUANTITY, relative: QUANTITY }),
      },
      ['tolerance'],
    ),
    run: ({ rows, args }) => {
      const all = new Map([...rows].map(({ id, state }) => [id, state]));
      const rowsOf = (id: string, field: string): readonly UsageRow[] => {
        const state = all.get(id);
        if (!state) throw fail('not_found', { field });
        return summaryOf(state).rows;
      };
      const [own, partner] = [rowsOf(args.own, '/own'), rowsOf(args.partner, '/partner')];
      return compareUsage(own, partner, args.tolerance ?? DEFAULT_TOLERANCE) as unknown as JsonValue;
    },
  };
}
