import { fail, type ScenarioErrorCode } from '../../errors.ts';
import type { GrantState } from '../../kinds/grant.ts';
import { standingOf } from '../../kinds/grant-queries.ts';
import { type Batch, record } from '../../kinds/record.ts';
import type { Context, JsonObject } from '../../module/module.ts';
import { DID, integer, OBJECT_ID, SECONDS, SHA256, said, shape } from '../../module/shapes.ts';
import { type ConsentScope, DATA_NAMES, PURPOSE } from './data-consent.ts';

export interface ProvisionHead extends JsonObject {
  readonly consent: string;
  readonly recipient: string;
  readonly purpose: string;
  readonly data: readonly string[];
}

export interface Supply extends JsonObject {
  /** Unix seconds. */
  readonly time: number;
  /** SHA-256 of what was given, hex; what was given is not here. */
  readonly digest: string;
  readonly records: number;
}

/** What was given on a consent: the consent is looked at first, and without a live one there is no record and no supply [DA-9]. */
export const dataProvision = record<ProvisionHead, Supply>({
  name: 'data.provision',
  version: '1',
  summary: { 'zh-CN': '数据提供记录', en: 'What was given on a consent' },
  head: shape({
    consent: said(OBJECT_ID, { 'zh-CN': '授权', en: 'Consent' }),
    recipient: said(DID, { 'zh-CN': '接收方', en: 'Who gets it' }),
    purpose: said(PURPOSE, { 'zh-CN': '用途', en: 'For what' }),
    data: said(DATA_NAMES, { 'zh-CN': '数据', en: 'Which data' }),
  }),
  item: shape({ time: SECONDS, digest: SHA256, records: integer(1, 1_000_000_000) }),
  single: true,
  told: ({ head: { recipient } }) => [recipient],
  subjectOf: ({ head }, read) => (head === null ? undefined : consentOf(read, head.consent)?.scope.subject),
  about: { index: 'consent', of: 'data.consent' },
  indexes: { consent: ({ head }) => head?.consent },
  reads: {
    submit: ({ data }: { data: { head: ProvisionHead } }) => [
      { module: 'data.consent', id: data.head.consent },
    ],
  },
  rules: (batch) => {
    const refused = refusal(batch);
    if (refused) throw fail(refused, { field: '/head/consent' });
    batch.items.forEach(({ time }, i) => {
      if (!isInTime(batch, time)) throw fail('out_of_range', { field: `/items/${i}/time` });
    });
    return () => [];
  },
});

type Consent = GrantState<ConsentScope>;

const consentOf = (read: Context['read'], id: string): Consent | undefined =>
  read('data.consent', id) as Consent | undefined;

/** A supply is told when it is made: not one from before the person agreed, and none that is still to come. */
function isInTime({ head, context }: Batch<ProvisionHead, Supply>, time: number): boolean {
  const { approvals = [], effect } = consentOf(context.read, head.consent) ?? {};
  const since = Math.max(effect?.from ?? 0, approvals.at(-1)?.time ?? 0);
  return since <= time && time <= context.time;
}

/** Why nothing may be given, in the order in which a person would object. */
function refusal({ head, context }: Batch<ProvisionHead, Supply>): ScenarioErrorCode | undefined {
  const consent = consentOf(context.read, head.consent);
  if (!consent || consent.scope.controller !== context.party) return 'consent_required';
  const standing = standingOf(consent, context.time);
  if (standing === 'revoked') return 'consent_revoked';
  if (standing === 'expired') return 'consent_expired';
  if (standing !== 'active') return 'consent_required';
  const { scope } = consent;
  if (!scope.recipients.includes(head.recipient)) return 'consent_recipient';
  const isCovered = head.purpose === scope.purpose && head.data.every((name) => scope.data.includes(name));
  return isCovered ? undefined : 'consent_scope';
}
