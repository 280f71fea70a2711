import type { GrantState } from '../../kinds/grant.ts';
import { standingOf } from '../../kinds/grant-queries.ts';
import { instantText } from '../../module/instant.ts';
import type { JsonObject } from '../../module/module.ts';
import type { ConsentScope } from '../modules/data-consent.ts';

export type Consent = GrantState<ConsentScope>;

/**
 * A consent as a record of ISO/IEC TS 27560: header, processing, party, event. Where the paper has words of its own: to whom =
 * recipient_third_parties, content = pii_information, time = event_time, validity = valid_until, serial = record_id,
 * verification code = evidence of the event.
 */
export function record27560(id: string, consent: Consent): JsonObject {
  const { scope, effect, approvals, end } = consent;
  const { service } = scope;
  return {
    record_header: {
      schema_version: 'ISO/IEC TS 27560:2023',
      record_id: id,
      pii_principal_id: scope.subject,
    },
    pii_processing: {
      privacy_notice: { ...scope.notice },
      language: scope.language,
      purposes: [scope.purpose],
      lawful_basis: 'consent',
      pii_information: [...scope.data],
      pii_controllers: [scope.controller],
      ...(service === undefined ? {} : { services: [service] }),
      storage_locations: [...scope.storage],
      retention_period: `P${scope.retentionDays}D`,
      jurisdiction: scope.jurisdiction,
      recipient_third_parties: [...scope.recipients],
      withdrawal_method: scope.withdrawal,
    },
    parties: [
      { party_id: scope.controller, party_role: 'controller' },
      ...scope.recipients.map((did) => ({ party_id: did, party_role: 'recipient' })),
    ],
    events: [
      { event_type: 'requested', event_time: instantText(consent.begun), valid_until: textOf(effect.until) },
      ...approvals.map(({ time, actor, party, confirmation }) => ({
        event_type: 'given',
        event_time: instantText(time),
        // An organisation never gives it: what one wrote itself, it captured from the person.
        entity_id: actor === party ? scope.subject : actor,
        ...(confirmation && { evidence: { ...confirmation } }),
      })),
      ...(end
        ? [{ event_type: consent.status, event_time: instantText(end.time), entity_id: end.actor }]
        : []),
    ],
  };
}

const textOf = (until: number | null): string | null => (until === null ? null : instantText(until));

/** Reasons of CAMARA ConsentInfo. */
export type StatusReason = 'REQUESTED' | 'PENDING' | 'EXPIRED' | 'REVOKED' | 'OBJECTED';

const REASONS: Readonly<Record<string, StatusReason>> = {
  requested: 'REQUESTED',
  notYet: 'PENDING',
  expired: 'EXPIRED',
  exhausted: 'EXPIRED',
  revoked: 'REVOKED',
  declined: 'OBJECTED',
  unknown: 'PENDING',
};

/** Status as `retrieve` of CAMARA ConsentInfo gives it. */
export function camaraStatus(consent: Consent, at: number): JsonObject {
  const standing = standingOf(consent, at);
  const { scope, effect } = consent;
  return {
    scopes: [...scope.data],
    purpose: scope.purpose,
    statusValidForProcessing: standing === 'active',
    ...(standing === 'active' ? {} : { statusReason: REASONS[standing] ?? 'PENDING' }),
    ...(effect.until === null ? {} : { expirationDate: instantText(effect.until) }),
  };
}
