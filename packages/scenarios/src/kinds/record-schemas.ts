import type { JsonObject } from '../module/module.ts';
import { DID, integer, list, OBJECT_NAME, prose, said, shape } from '../module/shapes.ts';
import type { RecordOf } from './record.ts';
import { type Repaired, repairFields } from './record-repairs.ts';

export type SubmitData<H, I> = {
  readonly head: H;
  readonly items: readonly I[];
  readonly to?: readonly string[];
  readonly repairs?: readonly Repaired[];
};

export type CorrectData<I> = {
  /** Number of the item that it is about. */
  readonly item: number;
  /** What is right; null: the item should not have been there. */
  readonly value: I | null;
  readonly reason: string;
  readonly evidence?: readonly { readonly module: string; readonly id: string }[];
};

/** Items of one object, at most: numbers stay exact and lines small. */
export const MAX_ITEMS = 1_000_000_000;

/** What a correction says. */
export function correctionFields<H extends JsonObject, I extends JsonObject>({ item }: RecordOf<H, I>) {
  return {
    item: said(integer(0, MAX_ITEMS), {
      'zh-CN': '条目序号，从 0 起，跨批次连续',
      en: 'Number of the item, from 0 on, over all batches',
    }),
    value: { anyOf: [item, { type: 'null' }] },
    reason: said(prose(2000), { 'zh-CN': '更正理由', en: 'Why it is corrected' }),
    evidence: said(list(OBJECT_NAME, 16), { 'zh-CN': '证据', en: 'Evidence' }),
  };
}

/** Schemas and summaries of the commands of a record. */
export function recordSchemas<H extends JsonObject, I extends JsonObject>(declaration: RecordOf<H, I>) {
  const { head, item, batch = 10_000, audience = 'listed' } = declaration;
  const repairs = repairFields(declaration);
  const to = said(list(DID, 15), { 'zh-CN': '可阅读的各方', en: 'Parties that may read it' });
  return {
    submit: {
      summary: { 'zh-CN': '提交一批', en: 'Submits a batch' },
      schema: shape(
        { head, items: list(item, batch), ...(audience === 'listed' ? { to } : {}), ...repairs },
        ['to', 'repairs'].filter((field) => field === 'repairs' || audience === 'listed'),
      ),
    },
    correct: {
      summary: { 'zh-CN': '更正一条，原条目保留', en: 'Corrects an item; the item itself stays' },
      schema: shape(correctionFields(declaration), ['evidence']),
    },
    close: { summary: { 'zh-CN': '结束提交', en: 'Takes no more batches' }, schema: shape({}) },
  };
}
