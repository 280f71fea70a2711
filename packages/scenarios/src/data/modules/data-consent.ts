import { fail } from '../../errors.ts';
import { type GrantState, grant } from '../../kinds/grant.ts';
import type { RequestData } from '../../kinds/grant-schemas.ts';
import { instantOf } from '../../module/instant.ts';
import type { CommandRequest, JsonObject, Query } from '../../module/module.ts';
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
import { captureCommand } from '../consent/capture.ts';
import { camaraStatus, record27560 } from '../consent/consent-views.ts';
import { SUBJECT } from '../credentials.ts';

export interface ConsentScope extends JsonObject {
  /** Name of the person that only the parties of this consent use: random, never a number of theirs. */
  readonly subject: string;
  readonly controller: string;
  readonly recipients: readonly string[];
  /** App of a recipient, by its client id in the registry; absent: whatever the recipient does for the purpose. */
  readonly service?: string;
  /** A purpose of the Data Privacy Vocabulary. */
  readonly purpose: string;
  readonly data: readonly string[];
  /** What was asked for too, and the person keeps. */
  readonly withheld?: readonly string[];
  readonly notice: { readonly uri: string; readonly digest: string };
  readonly language: string;
  readonly storage: readonly string[];
  readonly retentionDays: number;
  readonly jurisdiction: string;
  readonly withdrawal: string;
}

/** Http is for loopback hosts only, as everywhere. */
const URI = {
  type: 'string',
  maxLength: 500,
  pattern: '^(?:https://|http://(?:(?:[a-z0-9-]+\\.)*localhost|127\\.0\\.0\\.1|\\[::1\\])(?=[:/]))[^\\s]+$',
};
/** Random bytes in hex: a phone number or the name of somebody does not fit. */
export const SUBJECT_REF = { type: 'string', pattern: '^[0-9a-f]{32}$' };
export const PURPOSE = { type: 'string', pattern: '^dpv:[A-Z][A-Za-z]{1,63}$' };
const DATA_NAME = { type: 'string', pattern: '^[a-z][a-z0-9._-]{0,63}$' };
export const DATA_NAMES = list(DATA_NAME, 32, 1);
/** As the registry spells client ids. */
const SERVICE = { type: 'string', pattern: '^[a-z][a-z0-9-]{2,39}$' };

type Consent = GrantState<ConsentScope>;

/** Longest that a consent lasts, seconds: ten years. */
const LONGEST = 3660 * 86_400;

const SCOPE = shape(
  {
    subject: said(SUBJECT_REF, {
      'zh-CN': '用户的随机代号',
      en: 'Random name of the person among these parties',
    }),
    controller: said(DID, { 'zh-CN': '数据提供方', en: 'Who has the data' }),
    recipients: said(list(DID, 8, 1), { 'zh-CN': '授权给谁', en: 'To whom' }),
    service: said(SERVICE, {
      'zh-CN': '接收方的应用（登记的 client_id）；缺省为不限应用',
      en: 'App of the recipient, by its registered client id; absent: any',
    }),
    purpose: said(PURPOSE, { 'zh-CN': '用途（DPV）', en: 'For what (DPV)' }),
    data: said(DATA_NAMES, { 'zh-CN': '数据范围', en: 'Which data' }),
    withheld: said(list(DATA_NAME, 32), {
      'zh-CN': '曾被请求、用户不提供的数据',
      en: 'Data that was asked for and is not given',
    }),
    notice: said(shape({ uri: URI, digest: SHA256 }), { 'zh-CN': '隐私声明', en: 'Privacy notice' }),
    language: oneOf('zh-CN', 'en'),
    storage: said(list(text(64), 8, 1), { 'zh-CN': '存储地', en: 'Where it is stored' }),
    retentionDays: said(integer(1, 3660), { 'zh-CN': '保存天数', en: 'Days it is kept' }),
    jurisdiction: said(text(16), { 'zh-CN': '法域', en: 'Jurisdiction' }),
    withdrawal: said(URI, { 'zh-CN': '撤回方式', en: 'Where to take it back' }),
  },
  ['service', 'withheld'],
);

const CONFIRMATION = shape({
  method: said(oneOf('wallet-signature', 'operator-check', 'sms-code'), {
    'zh-CN': '确认方式：钱包签名优先，短信验证码为备用',
    en: 'How it was confirmed; a code by text message is a fallback',
  }),
  evidence: said(SHA256, { 'zh-CN': '确认凭据摘要', en: 'Digest of the evidence' }),
});

const CONSENT_STEP = 'consent';

/** Nobody asks for others; who has the data and who is to get it hear of the end of a consent as of its beginning. */
function asked({ data, context }: CommandRequest<Consent, never>): void {
  const { scope, parties } = data as RequestData<ConsentScope>;
  if (!scope.recipients.includes(context.party) && scope.controller !== context.party)
    throw fail('out_of_range', { field: '/scope/recipients' });
  const told = [context.party, ...parties];
  if (![scope.controller, ...scope.recipients].every((did) => told.includes(did)))
    throw fail('out_of_range', { field: '/parties' });
}

/** What a person lets somebody have, for what, until when; taken back at any time [DA-8, ID-3]. */
export const dataConsent = grant<ConsentScope>({
  name: 'data.consent',
  version: '1',
  summary: { 'zh-CN': '用户数据授权', en: 'What people let others have of their data' },
  credentials: SUBJECT,
  delegates: { approve: ['DataSubject'], decline: ['DataSubject'], revoke: ['DataSubject'] },
  scope: SCOPE,
  confirmation: CONFIRMATION,
  steps: [
    {
      name: CONSENT_STEP,
      summary: { 'zh-CN': '用户确认', en: 'The person confirms' },
      // An organisation cannot agree in the place of a person, nor one that does not have the data know that it is them.
      may: ({ state, context }) =>
        context.actor !== context.party && state?.scope.controller === context.party,
    },
  ],
  longest: LONGEST,
  checks: { request: asked },
  own: {
    commands: {
      capture: captureCommand({
        ...{ scope: SCOPE, confirmation: CONFIRMATION, step: CONSENT_STEP, longest: LONGEST },
      }),
    },
    events: {},
    evolve: (state) => state,
  },
  subjectOf: ({ scope }) => scope.subject,
  about: { index: 'subject' },
  indexes: { subject: ({ scope }) => scope.subject },
  queries: { record: record(), status: status() },
});

function record(): Query<Consent, { readonly id: string }> {
  return {
    summary: { 'zh-CN': '按 ISO/IEC TS 27560 的授权记录', en: 'A consent as a record of ISO/IEC TS 27560' },
    schema: shape({ id: OBJECT_ID }),
    by: ['id'],
    run: ({ rows }) => {
      const [found] = rows;
      // Of one whose payload was erased there is nothing to record.
      return found && found.state.status !== 'unknown' ? record27560(found.id, found.state) : null;
    },
  };
}

interface StatusArgs {
  readonly subject: string;
  readonly at: string;
  readonly data?: readonly string[];
  readonly purpose?: string;
  readonly service?: string;
}

function status(): Query<Consent, StatusArgs> {
  return {
    summary: { 'zh-CN': '授权状态（CAMARA ConsentInfo）', en: 'Status of consents (CAMARA ConsentInfo)' },
    schema: shape(
      { subject: SUBJECT_REF, at: INSTANT, data: DATA_NAMES, purpose: PURPOSE, service: SERVICE },
      ['data', 'purpose', 'service'],
    ),
    by: ['subject'],
    run: ({ rows, args }) => {
      const at = instantOf(args.at, '/at');
      const of = [...rows].filter(({ state }) => isAskedFor(state.scope, args));
      return { statusInfo: of.map(({ state }) => camaraStatus(state, at)) };
    },
  };
}

/** A consent is meant where it has any of the data that is asked for. */
const isAskedFor = (scope: ConsentScope, { data, purpose, service }: StatusArgs): boolean =>
  (purpose === undefined || scope.purpose === purpose) &&
  (service === undefined || scope.service === service) &&
  (data === undefined || data.some((name) => scope.data.includes(name)));
