import type { Bytes } from '@attestel/core';
import {
  contextTag,
  DerCursor,
  type DerElement,
  der,
  readBitBytes,
  readDer,
  readGeneralizedTime,
  readOid,
  TAG,
} from '@attestel/x509';
import { cursorOf, listOf, only, optionalInside, readSignedInteger } from '../../asn1/elements.ts';
import { OID } from '../../asn1/oids.ts';
import { fail } from '../errors.ts';

/** PKIBody by its tag (RFC 9810 §5.1.2). */
export const BODY = {
  ir: 0,
  ip: 1,
  cr: 2,
  cp: 3,
  p10cr: 4,
  kur: 7,
  kup: 8,
  rr: 11,
  rp: 12,
  pkiconf: 19,
  genm: 21,
  genp: 22,
  error: 23,
  certConf: 24,
} as const;

/** RFC 9810 §5.1.1, as far as decisions are made on it. */
export interface CmpHeader {
  readonly version: number;
  /** DER of the Name of the sender; undefined where it is no directory name. */
  readonly sender: Bytes | undefined;
  /** DER of the GeneralName, for the answer's recipient. */
  readonly senderName: Bytes;
  /** Unix seconds. */
  readonly messageTime: number | undefined;
  /** DER AlgorithmIdentifier. */
  readonly protectionAlgorithm: DerElement | undefined;
  readonly transactionId: Bytes | undefined;
  readonly senderNonce: Bytes | undefined;
  readonly recipientNonce: Bytes | undefined;
  readonly asksImplicitConfirm: boolean;
}

export interface CmpMessage {
  readonly der: Bytes;
  readonly header: CmpHeader;
  /** Number of its alternative in PKIBody. */
  readonly kind: number;
  readonly body: DerElement;
  /** DER of SEQUENCE { header, body }: what the protection is over (RFC 9810 §5.1.3). */
  readonly protectedPart: Bytes;
  readonly protection: Bytes | undefined;
  /** DER of certificates, the signer's first. */
  readonly extraCerts: readonly Bytes[];
}

export const CMP_LIMITS = { messageBytes: 65_536, extraCerts: 10, generalInfo: 16 } as const;

/** @throws AppError cmp_message, message_structure, time_form, der_* */
export function parseCmpMessage(bytes: Bytes): CmpMessage {
  if (bytes.length > CMP_LIMITS.messageBytes) throw fail('cmp_message', { detail: 'too large' });
  const outer = new DerCursor(readDer(bytes, TAG.sequence));
  const header = outer.next(TAG.sequence);
  const wrapper = outer.next();
  if ((wrapper.tag & 0xe0) !== 0xa0) throw fail('cmp_message');
  const protection = optionalInside(outer, 0, TAG.bitString);
  const extraCerts = optionalInside(outer, 1, TAG.sequence);
  outer.end();
  return {
    der: bytes,
    header: parseHeader(header),
    kind: wrapper.tag & 0x1f,
    body: only(wrapper),
    protectedPart: der.sequence(header.bytes, wrapper.bytes),
    protection: protection && readBitBytes(protection),
    extraCerts: extraCerts ? listOf(extraCerts, CMP_LIMITS.extraCerts).map((one) => one.bytes) : [],
  };
}

/** Tag [4] comes twice, as the sender's directory name and as transactionID, so fields go by position. */
function parseHeader(header: DerElement): CmpHeader {
  const cursor = new DerCursor(header);
  const version = readSignedInteger(cursor.next(TAG.integer));
  const sender = cursor.next();
  cursor.next(); // recipient: whoever runs this is meant
  const time = optionalInside(cursor, 0, TAG.generalizedTime);
  const protectionAlgorithm = optionalInside(cursor, 1, TAG.sequence);
  optionalInside(cursor, 2, TAG.octetString); // senderKID: devices write it wrongly, and it decides nothing
  optionalInside(cursor, 3, TAG.octetString);
  const octets = (n: number): Bytes | undefined => optionalInside(cursor, n, TAG.octetString)?.content;
  const [transactionId, senderNonce, recipientNonce] = [octets(4), octets(5), octets(6)];
  optionalInside(cursor, 7, TAG.sequence); // freeText
  const info = optionalInside(cursor, 8, TAG.sequence);
  cursor.end();
  return {
    version,
    sender: sender.tag === contextTag(4) ? only(sender, TAG.sequence).bytes : undefined,
    senderName: sender.bytes,
    messageTime: time && readGeneralizedTime(time),
    ...{ protectionAlgorithm, transactionId, senderNonce, recipientNonce },
    asksImplicitConfirm: info !== undefined && infoTypes(info).includes(OID.implicitConfirm),
  };
}

/** Types of InfoTypeAndValue (RFC 9810 §5.3.19), in order. */
export function infoTypes(list: DerElement): string[] {
  return listOf(list, CMP_LIMITS.generalInfo).map((element) => {
    const cursor = cursorOf(element);
    const type = readOid(cursor.next(TAG.oid));
    if (!cursor.done) cursor.next();
    cursor.end();
    return type;
  });
}
