import type { AssetState } from '../../kinds/asset.ts';
import { instantOf } from '../../module/instant.ts';
import type { JsonObject, Query } from '../../module/module.ts';
import { oneOf, said, shape } from '../../module/shapes.ts';
import type { DeviceFacts } from '../modules/device-item.ts';
import { collectFacts } from './collect-facts.ts';
import { DIMENSIONS, type Dimension } from './facts.ts';
import { metricsOf } from './metrics.ts';

const MONTH = { type: 'string', pattern: '^\\d{4}-(?:0[1-9]|1[0-2])$' };

/** Boards of all provinces by one formula; every unit sees the sums of all, none the rows of others [EQ-5]. */
export const metricsQuery = (
  inService: string,
): Query<AssetState<DeviceFacts>, { readonly period: string; readonly by: Dimension }> => ({
  summary: {
    'zh-CN': '集团监督指标：覆盖、频次、质量、故障数、故障率、处理时长',
    en: 'Supervision metrics: coverage, frequency, quality, faults, fault rate, handling',
  },
  schema: shape({
    period: said(MONTH, { 'zh-CN': '月份（UTC）', en: 'Month, UTC' }),
    by: said(oneOf(...DIMENSIONS), { 'zh-CN': '维度', en: 'By what' }),
  }),
  overAll: (reader) => ['GroupUnit', 'ProvinceUnit'].some((type) => reader.holds(type) !== undefined),
  run: ({ rows, rowsOf, args }) => {
    const period = monthOf(args.period);
    const facts = collectFacts({ items: rows, rowsOf, period, inService });
    return Object.fromEntries(metricsOf(facts, period, args.by)) as unknown as JsonObject;
  },
});

function monthOf(month: string): { readonly from: number; readonly until: number } {
  const [year = 0, number = 0] = month.split('-').map(Number);
  const next =
    number === 12
      ? `${String(year + 1).padStart(4, '0')}-01`
      : `${month.slice(0, 5)}${String(number + 1).padStart(2, '0')}`;
  const start = (of: string): number => instantOf(`${of}-01T00:00:00Z`, '/period');
  return { from: start(month), until: start(next) };
}
