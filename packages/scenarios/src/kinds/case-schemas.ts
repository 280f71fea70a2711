import type { JsonObject } from '../module/module.ts';
import { DID, list, OBJECT_NAME, oneOf, prose, said, shape } from '../module/shapes.ts';
import type { CaseOf, Evidence } from './case.ts';

/** What every command on a case may say. */
export type Said = { readonly text?: string; readonly evidence?: readonly Evidence[] };

export type OpenCase<F> = {
  readonly category: string;
  readonly facts: F;
  readonly evidence?: readonly Evidence[];
  readonly parties?: readonly string[];
};

export const EVIDENCE = said(list(OBJECT_NAME, 16), {
  'zh-CN': '证据：账本上的对象',
  en: 'Evidence: objects on the ledger',
});
export const TEXT = said(prose(4000), { 'zh-CN': '说明', en: 'What there is to say' });

const SAID = { text: TEXT, evidence: EVIDENCE };
const OPTIONAL = ['text', 'evidence'];

export function caseSchemas<F extends JsonObject>({ facts, categories, outcome }: CaseOf<F>) {
  const category = said(oneOf(...Object.keys(categories)), { 'zh-CN': '类别', en: 'Category' });
  const parties = said(list(DID, 15), { 'zh-CN': '参与的各方', en: 'Others that take part' });
  const to = said(DID, { 'zh-CN': '对方', en: 'Organisation' });
  const person = said(DID, { 'zh-CN': '经办人', en: 'Person there' });
  return {
    open: {
      summary: { 'zh-CN': '立案', en: 'Opens a case' },
      schema: shape({ category, facts, evidence: EVIDENCE, parties }, ['evidence', 'parties']),
    },
    reopen: { summary: { 'zh-CN': '重开', en: 'Opens it again' }, schema: shape(SAID, OPTIONAL) },
    assign: {
      summary: { 'zh-CN': '分派', en: 'Assigns it' },
      schema: shape({ to, person, ...SAID }, ['person', ...OPTIONAL]),
    },
    start: { summary: { 'zh-CN': '开始处理', en: 'Begins to work on it' }, schema: shape(SAID, OPTIONAL) },
    comment: { summary: { 'zh-CN': '说明', en: 'Says something' }, schema: shape(SAID, ['evidence']) },
    escalate: {
      summary: { 'zh-CN': '升级', en: 'Takes it to somebody above' },
      schema: shape({ to, ...SAID }, OPTIONAL),
    },
    resolve: {
      summary: { 'zh-CN': '解决', en: 'Resolves it' },
      schema: outcome ? shape({ outcome, ...SAID }, OPTIONAL) : shape(SAID, OPTIONAL),
    },
    close: { summary: { 'zh-CN': '结案', en: 'Closes it' }, schema: shape(SAID, OPTIONAL) },
    cancel: { summary: { 'zh-CN': '撤销', en: 'Cancels it' }, schema: shape(SAID, OPTIONAL) },
  };
}
