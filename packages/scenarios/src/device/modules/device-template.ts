import { compare, DECIMAL } from '../../decimal/decimal.ts';
import { fail } from '../../errors.ts';
import { document } from '../../kinds/document.ts';
import type { JsonObject } from '../../module/module.ts';
import { integer, list, oneOf, said, shape, text } from '../../module/shapes.ts';
import { PROVINCE_UNIT } from '../credentials.ts';

/** A field of a form. A language of its own, and a small one: forms are drawn on phones, and patterns of others are hostile. */
export interface FormField extends JsonObject {
  readonly name: string;
  readonly label: { readonly 'zh-CN': string; readonly en: string };
  readonly kind: 'choice' | 'number' | 'text' | 'yes-no';
  readonly required: boolean;
  /** Of a choice. */
  readonly options: readonly string[];
}

export interface Threshold extends JsonObject {
  readonly metric: string;
  readonly unit: string;
  readonly least: string;
  readonly most: string;
}

export interface TemplateBody extends JsonObject {
  readonly province: string;
  readonly type: string;
  readonly form: readonly FormField[];
  readonly intervalDays: number;
  readonly thresholds: readonly Threshold[];
}

const MAX_FIELDS = 40;
const BILINGUAL = shape({ 'zh-CN': text(100), en: text(100) });
const NAME = { type: 'string', pattern: '^[a-z][A-Za-z0-9]{0,31}$' };

/** How a province inspects a type: form, interval, thresholds; versions with dates on which they begin [EQ-2]. */
export const deviceTemplate = document<TemplateBody>({
  name: 'device.template',
  version: '1',
  execution: ['private', 'shared'],
  summary: {
    'zh-CN': '巡检模板：表单、周期、阈值',
    en: 'Templates of inspections: form, interval, thresholds',
  },
  credentials: PROVINCE_UNIT,
  body: shape({
    province: said(text(16), { 'zh-CN': '省份', en: 'Province' }),
    type: said(text(32), { 'zh-CN': '设备类型代码', en: 'Code of the device type' }),
    form: said(
      list(
        shape({
          name: NAME,
          label: BILINGUAL,
          kind: oneOf('choice', 'number', 'text', 'yes-no'),
          required: { type: 'boolean' },
          options: list(text(64), 32),
        }),
        MAX_FIELDS,
      ),
      { 'zh-CN': '表单字段', en: 'Fields of the form' },
    ),
    intervalDays: said(integer(1, 3660), { 'zh-CN': '周期（天）', en: 'Interval in days' }),
    thresholds: said(list(shape({ metric: text(64), unit: text(16), least: DECIMAL, most: DECIMAL }), 64), {
      'zh-CN': '自动采集的阈值',
      en: 'Thresholds of sensors',
    }),
  }),
  unique: ({ province, type }) => [`${province}|${type}`],
  may: {
    publish: ({ data, context }: { data: { body: TemplateBody }; context: Holder }) =>
      context.holds('ProvinceUnit', { province: data.body.province }) !== undefined,
  },
  check: ({ body, state }) => {
    assertDistinct(
      body.form.map(({ name }) => name),
      '/body/form',
    );
    assertDistinct(
      body.thresholds.map(({ metric }) => metric),
      '/body/thresholds',
    );
    body.form.forEach(({ kind, options }, i) => {
      if ((kind === 'choice') !== options.length > 0)
        throw fail('out_of_range', { field: `/body/form/${i}/options` });
    });
    body.thresholds.forEach(({ least, most }, i) => {
      if (compare(least, most) > 0) throw fail('out_of_range', { field: `/body/thresholds/${i}/most` });
    });
    const before = state?.versions.at(-1)?.body;
    if (before && (before.province !== body.province || before.type !== body.type)) {
      throw fail('conflict', { field: '/body' });
    }
  },
});

interface Holder {
  holds(type: string, match?: JsonObject): JsonObject | undefined;
}

function assertDistinct(names: readonly string[], field: string): void {
  if (new Set(names).size !== names.length) throw fail('already_exists', { field });
}
