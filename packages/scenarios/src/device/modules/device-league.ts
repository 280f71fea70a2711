import { fail } from '../../errors.ts';
import { type DocumentState, document } from '../../kinds/document.ts';
import { versionAt } from '../../kinds/document-queries.ts';
import type { JsonObject, Query } from '../../module/module.ts';
import { integer, list, nullable, said, shape, text } from '../../module/shapes.ts';
import { GROUP_UNIT } from '../credentials.ts';
import type { Metrics } from '../supervision/metrics.ts';

const MONTH = { type: 'string', pattern: '^\\d{4}-(?:0[1-9]|1[0-2])$' };
/** As the query `metrics` of device.item gives them. */
const SHARE = nullable({ type: 'string', pattern: '^[0-9]{1,12}[.][0-9]{4}$' });

export interface LeagueBody extends JsonObject {
  readonly period: string;
  /** In the order of the provinces' codes. */
  readonly provinces: readonly (Metrics & { readonly province: string } & JsonObject)[];
}

/**
 * Figures of a month, province by province, that the group makes from what it was told in the provinces' own channels:
 * each province sees everybody's numbers, and nobody's records [EQ-5].
 */
export const deviceLeague = document<LeagueBody>({
  name: 'device.league',
  version: '1',
  summary: { 'zh-CN': '各省监督指标月报', en: 'Figures of all provinces for a month' },
  credentials: GROUP_UNIT,
  body: shape({
    period: said(MONTH, { 'zh-CN': '月份（UTC）', en: 'Month, UTC' }),
    provinces: said(
      list(
        shape({
          province: said(text(16), { 'zh-CN': '省份', en: 'Province' }),
          coverage: said(SHARE, { 'zh-CN': '覆盖率', en: 'Coverage' }),
          frequency: said(SHARE, { 'zh-CN': '频次', en: 'Frequency' }),
          quality: said(SHARE, { 'zh-CN': '质量', en: 'Quality' }),
          faultRate: said(SHARE, { 'zh-CN': '故障率', en: 'Faults for each device and month' }),
          faults: said(integer(0, 1_000_000_000), { 'zh-CN': '故障数', en: 'Faults' }),
          handlingHours: said(SHARE, { 'zh-CN': '处理时长（小时）', en: 'Hours of handling' }),
          withinSla: said(SHARE, { 'zh-CN': '及时率', en: 'Handled in time' }),
        }),
        100,
        1,
      ),
      { 'zh-CN': '各省指标', en: 'Figures' },
    ),
  }),
  unique: ({ period }) => [period],
  indexes: { period: ({ versions }) => versions.at(-1)?.body.period },
  queries: { month: month() },
  may: { publish: ({ context }) => context.holds('GroupUnit') !== undefined },
  check: ({ body: { period, provinces }, state }) => {
    const names = provinces.map(({ province }) => province);
    if (names.some((name, i) => i > 0 && name <= (names[i - 1] as string)))
      throw fail('out_of_range', { field: '/body/provinces', extra: { rule: 'each once, in order' } });
    const before = state?.versions.at(-1)?.body.period;
    if (before !== undefined && before !== period) throw fail('conflict', { field: '/body/period' });
  },
});

function month(): Query<DocumentState<LeagueBody>, { readonly period: string }> {
  return {
    summary: { 'zh-CN': '某月的各省指标', en: 'The figures of a month' },
    schema: shape({ period: said(MONTH, { 'zh-CN': '月份（UTC）', en: 'Month, UTC' }) }),
    by: ['period'],
    run: ({ rows, args, reader }) => {
      for (const { id, state } of rows) {
        const version = versionAt(state, reader.time);
        if (version?.body.period === args.period) return { id, ...version.body };
      }
      return null;
    },
  };
}
