import type { Bytes } from '@attestel/core';
import {
  type AnchorRecord,
  anchors,
  type BatchRecord,
  batches,
  type CertificateRecord,
  certificates,
  type PastStatus,
  type PkiState,
  readPastStatus,
  trustVersion,
} from './state/records.ts';
import { type AnchorStanding, anchorStanding, statusAt } from './state/standing.ts';
import { suspensionAt } from './state/suspensions.ts';
import type { CheckResult, Verdict } from './types.ts';

/**
 * What the ledger says of a certificate at a time, from single keys of the state, so that each can be proven: its
 * record, past status where it has changed since, its anchor, its batch.
 */
export function checkCertificate(state: PkiState, hash: Bytes, at: number): CheckResult {
  const record = certificates.get(state, hash);
  const common = { at, certificate: hash, trustVersion: trustVersion.read(state) };
  if (!record || at < record.published) {
    return { ...common, verdict: 'unknown', since: null, reason: null, record: null };
  }
  const then = statusThen(state, hash, record, at);
  const under = standingUnder(state, record, at);
  const status = statusAt(then, at);
  if (status !== 'good') {
    return { ...common, verdict: status, since: then.since, reason: then.reason, record };
  }
  const verdict = under ?? validity(record, at);
  return { ...common, verdict, since: verdict === 'good' ? then.since : null, reason: null, record };
}

/** The newest status that had been set by then. */
function statusThen(
  state: PkiState,
  hash: Bytes,
  record: CertificateRecord,
  at: number,
): CertificateRecord | PastStatus {
  let low = 1;
  let high = record.changes + 1;
  // The first change after `at` ended what held at that time.
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const changed = readPastStatus(state, hash, middle)?.changed ?? Number.POSITIVE_INFINITY;
    if (changed > at) high = middle;
    else low = middle + 1;
  }
  return low > record.changes ? record : (readPastStatus(state, hash, low) ?? record);
}

const UNDER: Readonly<Record<Exclude<AnchorStanding, 'in-force'>, Verdict>> = {
  'under-notice': 'anchor-under-notice',
  ended: 'anchor-ended',
  suspended: 'anchor-suspended',
};

/** What an anchor or a batch says of all its certificates, as it was then. */
function standingUnder(state: PkiState, record: CertificateRecord, at: number): Verdict | undefined {
  const anchor: AnchorRecord | undefined = anchors.get(state, record.anchor);
  if (!anchor) return 'anchor-ended';
  const suspended = suspensionAt(state, record.anchor, anchor, at);
  const standing = anchorStanding({ ...anchor, suspended }, at);
  if (standing !== 'in-force') return UNDER[standing];
  const batch: BatchRecord | undefined = record.batch ? batches.get(state, record.batch) : undefined;
  return batch && record.batch && suspensionAt(state, record.batch, batch, at)
    ? 'batch-suspended'
    : undefined;
}

function validity({ notBefore, notAfter }: CertificateRecord, at: number): Verdict {
  if (at < notBefore) return 'not-yet-valid';
  return at > notAfter ? 'expired' : 'good';
}
