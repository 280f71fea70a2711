import type { JsonSchema } from '../module/module.ts';
import { DID, INSTANT, integer, list, OBJECT_ID, prose, said, shape } from '../module/shapes.ts';
import type { EffectText } from './effect.ts';

export type PublishData<B> = EffectText & { readonly body: B; readonly audience?: readonly string[] };
export type AcknowledgeData = { readonly document: string; readonly version: number };

const FROM = said(INSTANT, {
  'zh-CN': '生效时间；缺省为通知期满之时',
  en: 'Takes effect then; absent: as soon as the notice is over',
});
const UNTIL = said(INSTANT, { 'zh-CN': '失效时间（不含）', en: 'Ends then, exclusive; absent: no end' });
const REASON = said(prose(2000), { 'zh-CN': '理由', en: 'Reason' });

/** Readers that one document names, at most. */
const MAX_AUDIENCE = 1000;

/** Schemas and summaries of the commands of a document with this body. */
export function documentSchemas(body: JsonSchema, audience: 'everyone' | 'listed') {
  const readers = said(list(DID, MAX_AUDIENCE), {
    'zh-CN': '可阅读的各方；新版本只增不减',
    en: 'Parties that may read it; a later version adds to them',
  });
  const listed = audience === 'listed' ? { audience: readers } : {};
  const fields = { body, validFrom: FROM, validUntil: UNTIL, ...listed };
  const dates = ['validFrom', 'validUntil'];
  const document = said(OBJECT_ID, { 'zh-CN': '所确认的文件', en: 'The document' });
  const version = said(integer(1, 1_000_000), { 'zh-CN': '所确认的版本', en: 'Its version' });
  return {
    publish: {
      summary: { 'zh-CN': '发布文件', en: 'Publishes a document' },
      schema: shape(fields, dates),
    },
    supersede: {
      summary: { 'zh-CN': '发布新版本', en: 'Publishes its next version' },
      schema: shape(fields, [...dates, 'audience']),
    },
    withdraw: {
      summary: { 'zh-CN': '撤回文件', en: 'Withdraws the document' },
      schema: shape({ validFrom: FROM, reason: REASON }, ['validFrom', 'reason']),
    },
    acknowledge: {
      summary: { 'zh-CN': '确认已读某一版本', en: 'Acknowledges a version' },
      schema: shape({ document, version }),
    },
  };
}
