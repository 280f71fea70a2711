import type { Bytes } from '@attestel/core';
import { type DerElement, readDer, readExtensionList, readOid, TAG } from '@attestel/x509';
import { cursorOf, optionalInside, readSignedInteger } from '../../asn1/elements.ts';
import { OID } from '../../asn1/oids.ts';
import { fail } from '../errors.ts';
import { type CertificateName, readTemplate } from './crmf.ts';

export interface RevocationDetails extends CertificateName {
  /** CRLReason; 0 where none is given. */
  readonly reason: number;
}

/** RevReqContent with one certificate (RFC 9810 §5.3.9, RFC 9483 §4.2). @throws AppError cmp_*, der_* */
export function parseRevocation(body: DerElement): RevocationDetails {
  const list = cursorOf(body);
  const details = cursorOf(list.next(TAG.sequence));
  if (!list.done) throw fail('cmp_one_request');
  const { issuer, serial } = readTemplate(details.next(TAG.sequence));
  const extensions = details.optional(TAG.sequence);
  details.end();
  if (!issuer || !serial) throw fail('cmp_template');
  const reason = extensions && readExtensionList(extensions).find(({ oid }) => oid === OID.reasonCode);
  return { issuer, serial, reason: reason ? readSignedInteger(readDer(reason.value, TAG.enumerated)) : 0 };
}

export interface Confirmation {
  readonly certHash: Bytes;
  readonly certReqId: number;
  readonly isAccepted: boolean;
  /** OID of the hash where the message names one (RFC 9810 §5.3.18, version 3). */
  readonly hash: string | undefined;
}

const ACCEPTED = 0;
const GRANTED_WITH_MODS = 1;

/**
 * CertConfirmContent for one certificate; undefined where it is empty, which refuses all (RFC 9810 §5.3.18).
 */
export function parseConfirmation(body: DerElement): Confirmation | undefined {
  const list = cursorOf(body);
  if (list.done) return undefined;
  const cursor = cursorOf(list.next(TAG.sequence));
  if (!list.done) throw fail('cmp_one_request');
  const certHash = cursor.next(TAG.octetString).content;
  const certReqId = readSignedInteger(cursor.next(TAG.integer));
  const status = cursor.optional(TAG.sequence);
  const algorithm = optionalInside(cursor, 0, TAG.sequence);
  cursor.end();
  const value = status ? readSignedInteger(cursorOf(status).next(TAG.integer)) : ACCEPTED;
  return {
    ...{ certHash, certReqId, isAccepted: value === ACCEPTED || value === GRANTED_WITH_MODS },
    hash: algorithm && readOid(cursorOf(algorithm).next(TAG.oid)),
  };
}
