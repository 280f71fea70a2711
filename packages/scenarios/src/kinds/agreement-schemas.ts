import type { JsonSchema, Text } from '../module/module.ts';
import { DID, INSTANT, integer, list, prose, said, shape } from '../module/shapes.ts';
import type { EffectText } from './effect.ts';

export type CounterData<T> = EffectText & { readonly version: number; readonly terms: T };
export type ProposeData<T> = EffectText & { readonly parties?: readonly string[]; readonly terms: T };

const VERSION = said(integer(1, 1_000_000), {
  'zh-CN': '所指的文本版本；对方已还价时拒绝',
  en: 'Version of the text that is meant; refused where another one has replaced it',
});
const FROM = said(INSTANT, {
  'zh-CN': '生效时间；缺省为通知期满之时',
  en: 'Takes effect then; absent: as soon as the notice is over',
});
const UNTIL = said(INSTANT, { 'zh-CN': '失效时间（不含）', en: 'Ends then, exclusive; absent: no end' });
const REASON = said(prose(2000), { 'zh-CN': '理由', en: 'Reason' });

interface Described {
  readonly summary: Text;
  readonly schema: JsonSchema;
}

/** Schemas and summaries of the commands of an agreement about these terms. */
export function agreementSchemas(terms: JsonSchema) {
  const body = { terms, validFrom: FROM, validUntil: UNTIL };
  const parties = said(list(DID, 15), { 'zh-CN': '其他各方', en: 'The other parties' });
  const dates = ['validFrom', 'validUntil'];
  return {
    propose: {
      summary: { 'zh-CN': '提出协议，同时签署', en: 'Proposes a text, and signs it' },
      schema: shape({ parties, ...body }, dates),
    },
    counter: {
      summary: { 'zh-CN': '还价：以另一文本代替', en: 'Puts another text in place of the proposed one' },
      schema: shape({ version: VERSION, ...body }, dates),
    },
    supersede: {
      summary: {
        'zh-CN': '提出新文本，旧文本仍有效',
        en: 'Proposes the next text while the present one counts',
      },
      schema: shape(body, dates),
    },
    sign: {
      summary: { 'zh-CN': '签署', en: 'Signs the proposed text' },
      schema: shape({ version: VERSION }),
    },
    reject: {
      summary: { 'zh-CN': '拒绝', en: 'Rejects the proposed text' },
      schema: shape({ version: VERSION, reason: REASON }, ['reason']),
    },
    withdraw: {
      summary: { 'zh-CN': '撤回自己的提议', en: 'Takes the own proposal back' },
      schema: shape({ version: VERSION }),
    },
    terminate: {
      summary: { 'zh-CN': '终止协议，通知对方', en: 'Ends the agreement; the others are told' },
      schema: shape({ validFrom: FROM, reason: REASON }, ['validFrom', 'reason']),
    },
    release: {
      summary: {
        'zh-CN': '归还不再有效的文本所占用的唯一键',
        en: 'Gives back what texts held that count no more',
      },
      schema: shape({}),
    },
  } satisfies Record<string, Described>;
}
