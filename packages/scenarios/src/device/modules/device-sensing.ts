import { compare, DECIMAL } from '../../decimal/decimal.ts';
import { fail } from '../../errors.ts';
import type { DocumentState } from '../../kinds/document.ts';
import { versionAt } from '../../kinds/document-queries.ts';
import { type Batch, record } from '../../kinds/record.ts';
import type { Context, JsonObject } from '../../module/module.ts';
import { OBJECT_ID, SECONDS, said, shape, text } from '../../module/shapes.ts';
import { FIELD_WORK, PROVINCE_UNIT } from '../credentials.ts';
import type { TemplateBody } from './device-template.ts';

export interface SensingHead extends JsonObject {
  readonly province: string;
  readonly site: string;
  readonly template: string;
}

export interface Reading extends JsonObject {
  /** Unix seconds. */
  readonly time: number;
  readonly metric: string;
  readonly value: string;
}

/** Readings of sensors and probes, thousands to a line; thresholds of the template mark them [EQ-4]. */
export const deviceSensing = record<SensingHead, Reading>({
  name: 'device.sensing',
  version: '1',
  summary: {
    'zh-CN': '自动采集：一批一行，按阈值标记',
    en: 'Readings of sensors: a line a batch, flagged by thresholds',
  },
  credentials: { ...PROVINCE_UNIT, ...FIELD_WORK },
  delegates: { submit: ['Sensor'] },
  head: shape({
    province: said(text(16), { 'zh-CN': '省份', en: 'Province' }),
    site: said(text(64), { 'zh-CN': '站点', en: 'Site' }),
    template: said(OBJECT_ID, { 'zh-CN': '模板', en: 'Template' }),
  }),
  item: shape({ time: SECONDS, metric: text(64), value: DECIMAL }),
  flags: {
    above: { 'zh-CN': '高于阈值', en: 'Above the threshold' },
    below: { 'zh-CN': '低于阈值', en: 'Below the threshold' },
    unknown: { 'zh-CN': '模板中没有此指标', en: 'A metric that the template does not have' },
  },
  reads: {
    submit: ({ data }: { data: { head: SensingHead } }) => [
      { module: 'device.template', id: data.head.template },
    ],
  },
  may: {
    submit: ({ data, context }: { data: { head: SensingHead }; context: Context }) => {
      const { province, site } = data.head;
      return (
        context.holds('Sensor', { province, site }) !== undefined ||
        context.holds('ProvinceUnit', { province }) !== undefined
      );
    },
  },
  rules: thresholdRules,
});

function thresholdRules({ head, context }: Batch<SensingHead, Reading>) {
  const template = context.read('device.template', head.template) as DocumentState<TemplateBody> | undefined;
  const body = template && versionAt(template, context.time)?.body;
  if (!body || body.province !== head.province) throw fail('not_found', { field: '/head/template' });
  const thresholds = new Map(body.thresholds.map((threshold) => [threshold.metric, threshold]));
  return ({ metric, value }: Reading): readonly string[] => {
    const threshold = thresholds.get(metric);
    if (!threshold) return ['unknown'];
    if (compare(value, threshold.most) > 0) return ['above'];
    return compare(value, threshold.least) < 0 ? ['below'] : [];
  };
}
