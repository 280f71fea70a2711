import { fail } from '../../errors.ts';
import { document } from '../../kinds/document.ts';
import type { JsonObject } from '../../module/module.ts';
import { integer, list, nullable, OBJECT_ID, SHA256, said, shape, text } from '../../module/shapes.ts';
import { GROUP_UNIT, PROVINCE_UNIT } from '../credentials.ts';
import { cardDigest, type ModelCard } from '../risk/failure-model.ts';

const NUMBER = { type: 'string', pattern: '^-?\\d{1,9}\\.\\d{4}$' };
const MONTH = { type: 'string', pattern: '^\\d{4}(?:0[1-9]|1[0-2])$' };

export interface ModelBody extends JsonObject {
  readonly card: ModelCard & JsonObject;
  readonly digest: string;
  /** Scores of all devices stay with the group; RFC 6962 root over them. */
  readonly scores: string;
}

/** A failure model as its card: how it was made, from what, how good it is [EQ-8]. */
export const deviceModel = document<ModelBody>({
  name: 'device.model',
  version: '1',
  summary: { 'zh-CN': '故障预测模型卡', en: 'Cards of failure models' },
  credentials: GROUP_UNIT,
  body: shape({
    card: shape({
      algorithm: { type: 'string', const: 'logistic regression, L2' },
      window: shape({ from: MONTH, until: MONTH }),
      examples: integer(1, 1_000_000_000),
      failures: integer(1, 1_000_000_000),
      weights: list(shape({ feature: text(64), weight: NUMBER }), 1000, 1),
      quality: shape({ rocAuc: NUMBER, topDecileShare: NUMBER }),
    }),
    digest: said(SHA256, { 'zh-CN': '模型卡摘要', en: 'SHA-256 of the card in JCS' }),
    scores: said(SHA256, { 'zh-CN': '评分批次根', en: 'Root over the scores' }),
  }),
  may: { publish: ({ context }) => context.holds('GroupUnit') !== undefined },
  check: ({ body }) => {
    if (cardDigest(body.card) !== body.digest) throw fail('conflict', { field: '/body/digest' });
  },
});

export interface PlanBody extends JsonObject {
  readonly province: string;
  /** Object of device.model. */
  readonly model: string;
  readonly intervals: readonly {
    readonly device: string;
    readonly days: number;
    readonly model: string | null;
  }[];
}

/** How often a province visits what; each interval that differs from the template cites the model's digest [EQ-8]. */
export const devicePlan = document<PlanBody>({
  name: 'device.plan',
  version: '1',
  summary: { 'zh-CN': '按风险调整的巡检计划', en: 'Plans of inspections by risk' },
  credentials: PROVINCE_UNIT,
  body: shape({
    province: said(text(16), { 'zh-CN': '省份', en: 'Province' }),
    model: said(OBJECT_ID, { 'zh-CN': '模型', en: 'Model' }),
    intervals: list(shape({ device: OBJECT_ID, days: integer(1, 3660), model: nullable(SHA256) }), 10_000, 1),
  }),
  keep: 2,
  reads: {
    publish: ({ data }: { data: { body: PlanBody } }) => [{ module: 'device.model', id: data.body.model }],
    supersede: ({ data }: { data: { body: PlanBody } }) => [{ module: 'device.model', id: data.body.model }],
  },
  may: {
    publish: ({
      data,
      context,
    }: {
      data: { body: PlanBody };
      context: { holds(type: string, match: JsonObject): unknown };
    }) => context.holds('ProvinceUnit', { province: data.body.province }) !== undefined,
  },
  check: ({ body, context }) => {
    const model = context.read('device.model', body.model) as
      | { versions?: readonly { body: ModelBody }[] }
      | undefined;
    const digests = (model?.versions ?? []).map((version) => version.body.digest);
    if (digests.length === 0) throw fail('not_found', { field: '/body/model' });
    body.intervals.forEach(({ model: cited }, i) => {
      if (cited !== null && !digests.includes(cited))
        throw fail('conflict', { field: `/body/intervals/${i}/model` });
    });
  },
});
