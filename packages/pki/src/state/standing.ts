import type {
  AnchorRecord,
  BatchRecord,
  CertificateRecord,
  CertificateStatus,
  PastStatus,
} from './records.ts';

/** The status of a certificate at a time that is not before its last change. */
export function statusAt(
  record: Pick<CertificateRecord | PastStatus, 'status' | 'since' | 'until'>,
  at: number,
): CertificateStatus {
  // Nobody decided: suspicion alone does not take a cell off the air for longer.
  if (record.status === 'suspended' && record.until !== null && at >= record.until) return 'good';
  if (record.status === 'superseded' && at < record.since) return 'good';
  return record.status;
}

export type AnchorStanding = 'in-force' | 'under-notice' | 'ended' | 'suspended';

export function anchorStanding(
  { from, until, notAfter, suspended }: AnchorRecord,
  at: number,
): AnchorStanding {
  if (at < from) return 'under-notice';
  if ((until !== null && at >= until) || (notAfter !== null && at > notAfter)) return 'ended';
  return suspended ? 'suspended' : 'in-force';
}

export type BatchStanding = 'open' | 'expired' | 'suspended' | 'full';

export function batchStanding({ expiry, suspended, used, count }: BatchRecord, at: number): BatchStanding {
  if (suspended) return 'suspended';
  if (at >= expiry) return 'expired';
  return used >= count ? 'full' : 'open';
}

/** Certificates can be used while they, and what they stand under, are neither suspended nor withdrawn. */
export function isUsable(
  record: CertificateRecord,
  under: { readonly anchor: AnchorRecord; readonly batch: BatchRecord | undefined },
  at: number,
): boolean {
  return (
    statusAt(record, at) === 'good' &&
    at >= record.notBefore &&
    at <= record.notAfter &&
    anchorStanding(under.anchor, at) === 'in-force' &&
    !under.batch?.suspended
  );
}
