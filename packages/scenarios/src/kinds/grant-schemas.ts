import type { JsonObject, JsonSchema } from '../module/module.ts';
import { DID, INSTANT, list, oneOf, prose, said, shape } from '../module/shapes.ts';
import type { EffectText } from './effect.ts';
import type { GrantOf } from './grant.ts';

export type RequestData<P> = EffectText & {
  readonly scope: P;
  readonly grantee?: string;
  readonly approvers: readonly string[];
  /** Organisations that take part beside who asks; persons among the approvers act through one of them. */
  readonly parties: readonly string[];
};

const FROM = said(INSTANT, { 'zh-CN': '起始时间；缺省为立即', en: 'Begins then; absent: at once' });
const UNTIL = said(INSTANT, { 'zh-CN': '失效时间（不含）', en: 'Ends then, exclusive; absent: no end' });
const REASON = said(prose(2000), { 'zh-CN': '理由', en: 'Reason' });

/** What an approval or a use says. */
export const confirmationOf = ({ confirmation = shape({}) }: { readonly confirmation?: JsonSchema }) =>
  confirmation;
export const useOf = ({ use = shape({}) }: { readonly use?: JsonSchema }) => use;

export function grantSchemas<P extends JsonObject>(declaration: GrantOf<P>) {
  const { scope, steps } = declaration;
  const grantee = said(DID, { 'zh-CN': '被授权者；缺省为申请方', en: 'Who may use it; absent: who asks' });
  const approvers = said(list(DID, 14, 1), { 'zh-CN': '可批准的各方', en: 'Who may approve' });
  const parties = said(list(DID, 15), { 'zh-CN': '参与的其他各方', en: 'Organisations that take part' });
  const names = steps?.map(({ name }) => name) ?? ['approval'];
  const step = said(oneOf(...names), { 'zh-CN': '批准步骤', en: 'Step that is approved' });
  return {
    request: {
      summary: { 'zh-CN': '申请授权', en: 'Asks for a permission' },
      schema: shape({ scope, grantee, approvers, parties, validFrom: FROM, validUntil: UNTIL }, [
        'grantee',
        'validFrom',
        'validUntil',
      ]),
    },
    approve: {
      summary: { 'zh-CN': '批准一步', en: 'Approves a step' },
      schema: shape({ step, confirmation: confirmationOf(declaration) }, [
        ...(declaration.confirmation ? [] : ['confirmation']),
      ]),
    },
    decline: {
      summary: { 'zh-CN': '拒绝', en: 'Declines it' },
      schema: shape({ reason: REASON }, ['reason']),
    },
    use: {
      summary: { 'zh-CN': '使用', en: 'Uses it' },
      schema: shape({ use: useOf(declaration) }),
    },
    revoke: {
      summary: { 'zh-CN': '撤销', en: 'Revokes it' },
      schema: shape({ reason: REASON }, ['reason']),
    },
  };
}
