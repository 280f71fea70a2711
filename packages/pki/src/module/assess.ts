import { type Bytes, equalBytes, isAppError } from '@attestel/core';
import type { RunTask } from '@attestel/ledger';
import { fail } from '../errors.ts';
import type { Sha256 } from '../rules/hashes.ts';
import { anchorId, batchId } from '../rules/identifiers.ts';
import { type CertificateRole, isDevice, MAX_OPERATIONAL_LIFETIME } from '../rules/roles.ts';
import { coversNames, coversRole, coversSerial, type Scope, scopeHash } from '../rules/scope.ts';
import { isInRange } from '../rules/serial-range.ts';
import { deviceToken, leafOf, nameHash, saltOf, tokenKeyCommitment } from '../rules/tokens.ts';
import type { SubmissionAttachment, SubmittedItem } from './attachment.schema.ts';
import type { ItemFacts, PkiBody } from './bodies.schema.ts';
import type { CertificateRules, LeafFacts } from './certificate-rules.ts';
import { provePossession, type Vouched } from './prove-possession.ts';

/** What the signed bytes say about a submission beside its items. */
export interface SubmissionHeader {
  readonly network: string;
  readonly submitter: string;
  readonly role: CertificateRole;
  readonly challenge: Bytes;
}

export interface AssessPorts {
  readonly sha256: Sha256;
  readonly certificates: CertificateRules;
}

/** What is assessed on other threads: an encoded attachment that has to have so many items. */
export interface EncodedSubmission {
  readonly attachment: Bytes;
  readonly header: SubmissionHeader;
  readonly count: number;
}

/** {@link assess} on other threads; undefined where those could not, or where it throws. */
export type AssessAhead = (run: RunTask, submission: EncodedSubmission) => Promise<Assessment | undefined>;

/** The part of a submission's body that its attachment decides. */
export type Assessment = Pick<PkiBody<'submit'>, 'anchor' | 'scope' | 'batch' | 'source' | 'items'>;

/**
 * Every check of a submission that needs no state. What is wrong with one item refuses that item only; what is
 * wrong with the rest throws. Builders write the body from this, validators compare it with the body.
 * @throws AppError pki_attachment_invalid, pki_role_not_allowed
 */
export function assess(
  attachment: SubmissionAttachment,
  header: SubmissionHeader,
  ports: AssessPorts,
): Assessment {
  const head = assessHead(attachment, header, ports);
  return { ...head, items: attachment.items.map(itemAssessor(attachment, header, ports)) };
}

/** All but the items. @throws AppError as {@link assess} */
export function assessHead(
  attachment: SubmissionAttachment,
  header: SubmissionHeader,
  ports: AssessPorts,
): Omit<Assessment, 'items'> {
  const { anchor, scope, batch, source, tokenKey } = attachment;
  const { sha256 } = ports;
  if (!equalBytes(tokenKeyCommitment(tokenKey, sha256), scope.tokenKey)) {
    throw fail('pki_attachment_invalid', { field: '/tokenKey' });
  }
  if (!coversRole(scope, header.role)) throw fail('pki_role_not_allowed');
  const anchorHash = anchorId(anchor, scope, sha256);
  if (batch && !equalBytes(batch.terms.anchor, anchorHash)) {
    throw fail('pki_attachment_invalid', { field: '/batch/terms/anchor' });
  }
  return {
    anchor: anchorHash,
    scope: scopeHash(scope, sha256),
    batch: batch && batchId(batch.terms, { network: header.network, vendor: batch.vendor }, sha256),
    source: source && {
      anchor: anchorId(source.anchor, source.scope, sha256),
      scope: scopeHash(source.scope, sha256),
      chained: source.chained,
      delivered: source.delivered,
    },
  };
}

/** Items of one submission, each by itself: its facts, or the code of the rule that it breaks. */
export function itemAssessor(
  attachment: SubmissionAttachment,
  header: SubmissionHeader,
  ports: AssessPorts,
): (item: SubmittedItem) => ItemFacts | string {
  const factsOf = itemReader(attachment, header, ports);
  return (item) => {
    try {
      return factsOf(item);
    } catch (error) {
      if (!isAppError(error)) throw error;
      return error.code;
    }
  };
}

function itemReader(
  attachment: SubmissionAttachment,
  header: SubmissionHeader,
  ports: AssessPorts,
): (item: SubmittedItem) => ItemFacts {
  const { anchor, scope, batch, intermediates, tokenKey } = attachment;
  const { sha256, certificates } = ports;
  const { role } = header;
  const read = certificates.leafReader({ role, anchor, intermediates, allowSelfSigned: batch !== null });
  const originOf = originAssessor(attachment, role, ports);
  return (item) => {
    const certHash = sha256(item.certificate);
    const facts = read(item.certificate);
    assertScope(attachment, facts);
    const vouched = provePossession(item, facts, { ...header, certificate: certHash }, ports);
    const origin = originOf(item, facts, vouched);
    const serial = facts.deviceSerial ?? origin?.serial ?? null;
    const content = { ...namesOf(facts), certHash, role, deviceSerial: serial };
    const vendorKeyed = scope.kind === 'vendor' || isDevice(role);
    return [
      certHash,
      leafOf(saltOf(tokenKey, certHash, sha256), content, sha256),
      sha256(facts.spki),
      nameHash(facts.issuer, facts.serial, sha256),
      serial !== null && vendorKeyed ? deviceToken(tokenKey, serial, sha256) : null,
      facts.validFrom,
      facts.validUntil,
      item.replaces,
      origin?.hash ?? null,
    ];
  };
}

const namesOf = ({ plmns, slices, dnsNames, nfTypes }: LeafFacts) => ({ plmns, slices, dnsNames, nfTypes });

/** Names, serial and lifetime, against what anchor and batch allow. */
function assertScope({ scope, batch }: SubmissionAttachment, facts: LeafFacts): void {
  if (facts.selfSigned && !batch) throw fail('pki_self_signed');
  const operational = facts.selfSigned || scope.kind !== 'vendor';
  // RFC 5280 §4.1.2.5: the period includes both of its ends.
  if (operational && facts.notAfter - facts.notBefore + 1 > MAX_OPERATIONAL_LIFETIME)
    throw fail('pki_lifetime');
  if (!coversNames(scope, facts)) throw fail('pki_outside_namespace');
  if (scope.kind !== 'vendor') return;
  if (facts.deviceSerial === null) throw fail('pki_device_serial_missing');
  if (!coversSerial(scope, facts.deviceSerial)) throw fail('pki_outside_range');
  if (batch && !isInRange(batch.terms.serials, facts.deviceSerial)) throw fail('pki_outside_range');
}

interface Origin {
  readonly hash: Bytes;
  readonly serial: string;
}

/**
 * Source of a device: a certificate of its vendor for the same device, whose key signs the same statement; or, without
 * that, one that the vendor published for the submitter, which the state knows.
 */
function originAssessor({ scope, source }: SubmissionAttachment, role: CertificateRole, ports: AssessPorts) {
  const read =
    source &&
    ports.certificates.leafReader({
      role,
      anchor: source.chained ? source.anchor : null,
      intermediates: source.intermediates,
      allowSelfSigned: !source.chained,
    });
  return ({ origin, replaces }: SubmittedItem, facts: LeafFacts, vouched: Vouched): Origin | undefined => {
    if (!origin) {
      // A renewal is of a device whose origin was shown before.
      if (scope.kind !== 'vendor' && isDevice(role) && !replaces) throw fail('pki_origin_missing');
      return undefined;
    }
    if (!read || !source || scope.kind === 'vendor') throw fail('pki_origin_invalid');
    const made = read(origin.certificate);
    const serial = serialWithin(source.scope, made, facts);
    const isVouched = source.delivered ? origin.signature === null : vouched(origin, made);
    if (!isVouched) throw fail('pki_origin_invalid');
    return { hash: ports.sha256(origin.certificate), serial };
  };
}

/** The device's serial as its vendor wrote it; the operator may repeat it, and not change it. */
function serialWithin(vendor: Scope, made: LeafFacts, facts: LeafFacts): string {
  const { deviceSerial } = made;
  if (deviceSerial === null || !coversSerial(vendor, deviceSerial)) throw fail('pki_origin_invalid');
  if (facts.deviceSerial !== null && facts.deviceSerial !== deviceSerial) throw fail('pki_origin_invalid');
  return deviceSerial;
}
