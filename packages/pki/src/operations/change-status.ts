import { type Bytes, equalBytes } from '@attestel/core';
import type { State } from '@attestel/ledger';
import { fail } from '../errors.ts';
import type { PkiKind } from '../module/bodies.schema.ts';
import { countVotes, requireActor, requireVotes } from '../state/authority.ts';
import {
  anchors,
  batches,
  bump,
  type CertificateRecord,
  certificates,
  type PastStatus,
  statusVersion,
  writePastStatus,
} from '../state/records.ts';
import { statusAt } from '../state/standing.ts';
import { writeStatusBit } from '../state/status-bits.ts';
import { hasAdmitted } from './admit-cell.ts';
import type { Apply, Change, Detail } from './change.ts';
import { assertPrevious } from './previous.ts';

/** A suspension that nobody confirms ends by itself: suspicion is cheap, and a cell off the air is not. */
export const SUSPENSION_SECONDS = 259_200;
/** Two certificates of one device are both good for at most a week. */
const MAX_OVERLAP_SECONDS = 604_800;

interface Held {
  readonly certificate: Bytes;
  readonly record: CertificateRecord;
}

/** At once and alone: the owner of the anchor, the vendor of the device, or the operator that admitted the cell. */
export const suspend: Apply<'status.suspend'> = (change) => {
  const { state, body, actor, operation, context } = change;
  requireActor(context, actor);
  assertPrevious(operation, null);
  return changeAll(state, body.certificates, (held, field) => {
    if (held.record.status === 'superseded') throw fail('pki_status_final', { field });
    if (statusAt(held.record, context.time) === 'suspended') throw fail('pki_status_same', { field });
    if (
      !ownersOf(state, held).includes(actor) &&
      !hasAdmitted(state, held.certificate, { operator: actor, time: context.time })
    ) {
      throw fail('pki_status_authority', { field });
    }
    const until = context.time + SUSPENSION_SECONDS;
    setStatus(change, held, {
      ...{ status: 'suspended', since: context.time, until, reason: body.reason, by: actor, successor: null },
    });
  });
};

/** For ever: by the owner of the anchor, or by the consortium's votes. */
export const revoke: Apply<'status.revoke'> = (change) => {
  const { state, body, actor, operation, context } = change;
  requireActor(context, actor);
  assertPrevious(operation, null);
  if (body.voters) requireVotes(context, body.voters);
  return changeAll(state, body.certificates, (held, field) => {
    if (!body.voters && ownerOf(state, held) !== actor) throw fail('pki_status_authority', { field });
    setStatus(change, held, {
      ...{
        status: 'revoked',
        since: context.time,
        until: null,
        reason: body.reason,
        by: actor,
        successor: null,
      },
    });
  });
};

/** Early end of a suspension: whoever suspended, and one more who has a say about the certificate or is a member. */
export const resume: Apply<'status.resume'> = (change) => {
  const { state, body, actor, operation, context } = change;
  requireActor(context, actor);
  assertPrevious(operation, null);
  const votes = countVotes(context, body.voters);
  return changeAll(state, body.certificates, (held, field) => {
    const { record } = held;
    if (statusAt(record, context.time) !== 'suspended') throw fail('pki_status_same', { field });
    if (!body.voters.includes(record.by ?? '')) throw fail('pki_status_authority', { field });
    if (votes < 2) throw fail('pki_votes_missing', { extra: { votes, needed: 2 } });
    setStatus(change, held, {
      ...{ status: 'good', since: context.time, until: null, reason: null, by: actor, successor: null },
    });
  });
};

/** By the owner: another of its certificates takes the place, after an overlap in which both are good. */
export const supersede: Apply<'status.supersede'> = (change) => {
  const { state, body, actor, operation, context } = change;
  requireActor(context, actor);
  assertPrevious(operation, null);
  if (body.overlap > MAX_OVERLAP_SECONDS) throw fail('pki_until_invalid', { field: '/overlap' });
  const next = certificates.get(state, body.successor);
  return changeAll(state, [body.certificate], (held, field) => {
    if (ownerOf(state, held) !== actor) throw fail('pki_status_authority', { field });
    if (held.record.status === 'superseded') throw fail('pki_status_final', { field });
    // Good during the overlap: else a suspended cell would be back by a successor.
    if (statusAt(held.record, context.time) !== 'good') throw fail('pki_not_good', { field });
    const isOwn = next && ownerOf(state, { certificate: body.successor, record: next }) === actor;
    const isSame = equalBytes(body.successor, body.certificate);
    if (!isOwn || isSame || next.role !== held.record.role || statusAt(next, context.time) !== 'good') {
      throw fail('pki_successor_unknown', { field: '/successor' });
    }
    setStatus(change, held, {
      ...{ status: 'superseded', since: context.time + body.overlap, until: null, reason: null },
      ...{ by: actor, successor: body.successor },
    });
  });
};

/** All or none: whoever signed meant all of them. */
function changeAll(
  state: State,
  list: readonly Bytes[],
  change: (held: Held, field: string) => void,
): Detail {
  list.forEach((certificate, i) => {
    const field = `/certificates/${i}`;
    const record = certificates.get(state, certificate);
    if (!record) throw fail('pki_certificate_unknown', { field });
    if (record.status === 'revoked') throw fail('pki_status_final', { field });
    change({ certificate, record }, field);
  });
  bump(statusVersion, state);
  return { certificates: list };
}

type NewStatus = Omit<PastStatus, 'changed'>;

/** Keeps what it was under its number, so that any day can be answered and proven; its bit in the status set follows. */
export function setStatus(
  { state, context, sha256 }: Pick<Change<PkiKind>, 'state' | 'context' | 'sha256'>,
  { certificate, record }: Held,
  next: NewStatus,
): void {
  const { status, since, until, reason, by, successor } = record;
  const changes = record.changes + 1;
  writePastStatus(state, certificate, changes, {
    ...{ status, since, until, reason, by, successor },
    changed: context.time,
  });
  certificates.put(state, certificate, { ...record, ...next, changes });
  writeStatusBit(state, { index: record.index, isNotGood: next.status !== 'good' }, sha256);
}

const ownerOf = (state: State, { record }: Held): string | undefined =>
  anchors.get(state, record.anchor)?.scope.owner;

/** Who may doubt a certificate: the anchor's owner, and the vendor and destination of its batch. */
function ownersOf(state: State, held: Held): readonly string[] {
  const batch = held.record.batch ? batches.get(state, held.record.batch) : undefined;
  const all = [ownerOf(state, held), batch?.vendor, batch?.destination ?? undefined];
  return all.filter((did) => did !== undefined);
}
