import { createHash } from 'node:crypto';
import { type Bytes, equalBytes } from '@attestel/core';
import { DerCursor, hashOf, readDer, readSignatureAlgorithm, TAG } from '@attestel/x509';
import { OID } from '../../asn1/oids.ts';
import type { Enrolment, Issued } from '../enrolment.ts';
import { fail } from '../errors.ts';
import type { CertifiedRequester } from '../peer-trust.ts';
import { type CertificateName, isSameCertificate } from './crmf.ts';
import { requestIn } from './evidence.ts';
import { BODY, type CmpMessage, infoTypes } from './message.ts';
import { type Confirmation, parseConfirmation, parseRevocation } from './requests.ts';
import type { OpenTransaction, Transactions } from './transactions.ts';
import {
  type Body,
  caCertificatesBody,
  certificateBody,
  confirmedBody,
  revokedBody,
} from './write-message.ts';

/** One request on its way to its answer. */
export interface Context {
  readonly enrolment: Enrolment;
  readonly transactions: Transactions;
  readonly message: CmpMessage;
  readonly transactionId: Bytes;
  /** Unix seconds. */
  readonly now: number;
  /** Sender nonce of the answer. */
  nonce: Bytes;
  readonly label: string | undefined;
  readonly allowsImplicitConfirm: boolean;
  /** Set where the answer says that no confirmation is needed. */
  isImplicitlyConfirmed?: boolean;
}

const ANSWERS: Readonly<Record<number, number>> = {
  [BODY.ir]: BODY.ip,
  [BODY.cr]: BODY.cp,
  [BODY.p10cr]: BODY.cp,
  [BODY.kur]: BODY.kup,
};

/** ir, cr, kur, p10cr (RFC 9483 §4.1). */
export async function enrol(context: Context, requester: CertifiedRequester): Promise<Body> {
  const { enrolment, message, label, transactions, transactionId } = context;
  const { id, wanted, replaces } = requestIn(message);
  assertRenewable(message, replaces, requester);
  const kind = message.kind === BODY.kur ? 'renew' : 'enrol';
  const request = { protocol: 'cmp', kind, wanted, requester, label, message: message.der } as const;
  const issued = await enrolment.issue(request, await enrolment.authorise(request));
  context.nonce = issued.nonce ?? context.nonce;
  const answer = certificateBody(
    ANSWERS[message.kind] ?? BODY.cp,
    id,
    { certificate: issued.certificate, isModified: issued.grant.isModified ?? false },
    // RFC 9483 §4.1.1: only for a device's first certificate, which may not know the operator's root yet.
    message.kind === BODY.ir ? issued.chain.slice(-1) : [],
  );
  if (message.header.asksImplicitConfirm && context.allowsImplicitConfirm) {
    await publish(enrolment, issued, undefined);
    context.isImplicitlyConfirmed = true;
  } else {
    const { nonce } = context;
    transactions.wait(transactionId, { signer: requester.certificate, certReqId: id, issued, nonce });
  }
  return answer;
}

function assertRenewable(
  { kind }: CmpMessage,
  replaces: CertificateName | undefined,
  requester: CertifiedRequester,
): void {
  if (kind !== BODY.kur) return;
  if (requester.kind !== 'operator') throw fail('cmp_not_renewable');
  if (replaces && !isSameCertificate(replaces, requester.certificate)) throw fail('cmp_old_certificate');
}

/** certConf (RFC 9483 §4.1.1): the certificate becomes good once its device has said that it holds it. */
export async function confirm({ enrolment, message }: Context, open: OpenTransaction): Promise<Body> {
  const { issued, certReqId } = open;
  const confirmation = parseConfirmation(message.body);
  if (!confirmation?.isAccepted) {
    await enrolment.discard(issued);
    return confirmedBody;
  }
  if (confirmation.certReqId !== certReqId || !isHashOf(confirmation, issued)) {
    await enrolment.discard(issued);
    throw fail('cmp_confirmation');
  }
  await publish(enrolment, issued, message.der);
  return confirmedBody;
}

/** What cannot be published is refused everywhere, so the device must hear that it has nothing. */
async function publish(enrolment: Enrolment, issued: Issued, confirmation: Bytes | undefined): Promise<void> {
  try {
    await enrolment.publish(issued, confirmation);
  } catch (error) {
    await enrolment.discard(issued);
    throw error;
  }
}

const HASHES: Readonly<Record<string, string>> = {
  [OID.sha256]: 'sha256',
  [OID.sha384]: 'sha384',
  [OID.sha512]: 'sha512',
};

/** The hash is the one that the certificate is signed with, unless the message names another. */
function isHashOf({ certHash, hash }: Confirmation, { certificate }: Issued): boolean {
  // RFC 9481 §2.2 gives Ed25519 SHA-512.
  const name = hash === undefined ? (hashOf(algorithmOf(certificate)) ?? 'sha512') : HASHES[hash];
  if (!name) return false;
  return equalBytes(certHash, createHash(name).update(certificate).digest());
}

/** Of the signature of a certificate that was made here. */
function algorithmOf(certificate: Bytes) {
  const outer = new DerCursor(readDer(certificate, TAG.sequence));
  outer.next(TAG.sequence);
  return readSignatureAlgorithm(outer.next(TAG.sequence));
}

/** rr (RFC 9483 §4.2). Whether this requester may is the operator's rule. */
export async function revoke({ enrolment, message }: Context, requester: CertifiedRequester): Promise<Body> {
  const { issuer, serial, reason } = parseRevocation(message.body);
  const isOwn = isSameCertificate({ issuer, serial }, requester.certificate);
  await enrolment.revoke({ issuer, serial, reason, requester, isOwn, message: message.der });
  return revokedBody;
}

/** genm (RFC 9483 §4.3.1): the CA certificates. */
export function inform({ enrolment, message, label }: Context): Body {
  const isAsked = infoTypes(message.body).includes(OID.caCerts);
  return caCertificatesBody(isAsked ? enrolment.caCertificates(label) : undefined);
}
