import { fail } from '../../errors.ts';
import { type GrantState, grant } from '../../kinds/grant.ts';
import { instantOf } from '../../module/instant.ts';
import type { JsonObject, Query } from '../../module/module.ts';
import {
  DID,
  INSTANT,
  integer,
  list,
  OBJECT_ID,
  oneOf,
  SHA256,
  said,
  shape,
  text,
} from '../../module/shapes.ts';
import { camaraStatus, record27560 } from '../consent/consent-views.ts';
import { SUBJECT } from '../credentials.ts';

export interface ConsentScope extends JsonObject {
  /** Name of the person that only the parties of this consent use: random, never a number of theirs. */
  readonly subject: string;
  readonly controller: string;
  readonly recipients: readonly string[];
  /** A purpose of the Data Privacy Vocabulary. */
  readonly purpose: string;
  readonly data: readonly string[];
  readonly notice: { readonly uri: string; readonly digest: string };
  readonly language: string;
  readonly storage: readonly string[];
  readonly retentionDays: number;
  readonly jurisdiction: string;
  readonly withdrawal: string;
}

const URI = { type: 'string', maxLength: 500, pattern: '^https://[^\\s]+$' };
/** Random bytes in hex: a phone number or the name of somebody does not fit. */
export const SUBJECT_REF = { type: 'string', pattern: '^[0-9a-f]{32}$' };
export const PURPOSE = { type: 'string', pattern: '^dpv:[A-Z][A-Za-z]{1,63}$' };
export const DATA_NAMES = list({ type: 'string', pattern: '^[a-z][a-z0-9._-]{0,63}$' }, 32, 1);

type Consent = GrantState<ConsentScope>;

/** What a person lets somebody have, for what, until when; taken back at any time [DA-8, ID-3]. */
export const dataConsent = grant<ConsentScope>({
  name: 'data.consent',
  version: '1',
  summary: { 'zh-CN': '用户数据授权', en: 'What people let others have of their data' },
  credentials: SUBJECT,
  delegates: { approve: ['DataSubject'], decline: ['DataSubject'], revoke: ['DataSubject'] },
  scope: shape({
    subject: said(SUBJECT_REF, {
      'zh-CN': '用户的随机代号',
      en: 'Random name of the person among these parties',
    }),
    controller: said(DID, { 'zh-CN': '数据提供方', en: 'Who has the data' }),
    recipients: said(list(DID, 8, 1), { 'zh-CN': '授权给谁', en: 'To whom' }),
    purpose: said(PURPOSE, { 'zh-CN': '用途（DPV）', en: 'For what (DPV)' }),
    data: said(DATA_NAMES, { 'zh-CN': '数据范围', en: 'Which data' }),
    notice: said(shape({ uri: URI, digest: SHA256 }), { 'zh-CN': '隐私声明', en: 'Privacy notice' }),
    language: oneOf('zh-CN', 'en'),
    storage: said(list(text(64), 8, 1), { 'zh-CN': '存储地', en: 'Where it is stored' }),
    retentionDays: said(integer(1, 3660), { 'zh-CN': '保存天数', en: 'Days it is kept' }),
    jurisdiction: said(text(16), { 'zh-CN': '法域', en: 'Jurisdiction' }),
    withdrawal: said(URI, { 'zh-CN': '撤回方式', en: 'Where to take it back' }),
  }),
  confirmation: shape({
    method: said(oneOf('wallet-signature', 'operator-check', 'sms-code'), {
      'zh-CN': '确认方式：钱包签名优先，短信验证码为备用',
      en: 'How it was confirmed; a code by text message is a fallback',
    }),
    evidence: said(SHA256, { 'zh-CN': '确认凭据摘要', en: 'Digest of the evidence' }),
  }),
  steps: [
    {
      name: 'consent',
      summary: { 'zh-CN': '用户确认', en: 'The person confirms' },
      // An organisation cannot agree in the place of a person.
      may: ({ context }) => context.actor !== context.party,
    },
  ],
  longest: 3660 * 86_400,
  check: ({ scope, context }) => {
    if (!scope.recipients.includes(context.party) && scope.controller !== context.party) {
      throw fail('out_of_range', { field: '/scope/recipients' });
    }
  },
  queries: { record: record(), status: status() },
});

function record(): Query<Consent, { readonly id: string }> {
  return {
    summary: { 'zh-CN': '按 ISO/IEC TS 27560 的授权记录', en: 'A consent as a record of ISO/IEC TS 27560' },
    schema: shape({ id: OBJECT_ID }),
    run: ({ rows, args }) => {
      const found = [...rows].find(({ id }) => id === args.id);
      return found ? record27560(found.id, found.state) : null;
    },
  };
}

function status(): Query<Consent, { readonly subject: string; readonly at: string }> {
  return {
    summary: { 'zh-CN': '授权状态（CAMARA ConsentInfo）', en: 'Status of consents (CAMARA ConsentInfo)' },
    schema: shape({ subject: SUBJECT_REF, at: INSTANT }),
    run: ({ rows, args }) => {
      const at = instantOf(args.at, '/at');
      const of = [...rows].filter(({ state }) => state.scope.subject === args.subject);
      return { statusInfo: of.map(({ state }) => camaraStatus(state, at)) };
    },
  };
}
