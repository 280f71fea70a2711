import { type Bytes, equalBytes } from '@attestel/core';
import { OID } from '../../asn1/oids.ts';
import type { KeyRequest } from '../../ca/certification-request.ts';
import { fail } from '../errors.ts';
import { parseCertificateRequest } from './crmf.ts';
import { BODY, parseCmpMessage } from './message.ts';
import { verifyProtection, verifyProtectionBy } from './protection.ts';
import { parseConfirmation } from './requests.ts';

/** What a finished enrolment proves to whoever was not there. */
export interface CmpEvidence {
  /** DER of the certificate that signed both messages: the device's source. */
  readonly signer: Bytes;
  readonly extraCerts: readonly Bytes[];
  /** What was asked for; possession of its key is proved. */
  readonly wanted: KeyRequest;
  /** SHA-256 of the certificate that the device took. */
  readonly certificateHash: Bytes;
  /** Sender nonce of the answer, which the confirmation signs: fresh if it was derived from a challenge. */
  readonly nonce: Bytes;
}

/**
 * Checks the two messages of a device, ir, cr or kur and its certConf, against each other: one signer, one
 * transaction, the key proved, the certificate taken. Without state, clock or chance, so that validators agree.
 * @throws AppError cmp_*, message_structure, and those of @attestel/x509
 */
export function checkCmpEvidence(request: Bytes, confirmation: Bytes): CmpEvidence {
  const [asked, taken] = [parseCmpMessage(request), parseCmpMessage(confirmation)];
  const isRequest = asked.kind === BODY.ir || asked.kind === BODY.cr || asked.kind === BODY.kur;
  if (!isRequest || taken.kind !== BODY.certConf) throw fail('cmp_body');
  const signer = verifyProtection(asked);
  verifyProtectionBy(taken, signer);
  const [first, second] = [asked.header.transactionId, taken.header.transactionId];
  if (!first || !second || !equalBytes(first, second)) throw fail('cmp_transaction_unknown');
  const { id, wanted } = parseCertificateRequest(asked.body);
  const confirmed = parseConfirmation(taken.body);
  const isOurs = confirmed?.isAccepted && confirmed.certReqId === id;
  const hash = confirmed?.hash ?? OID.sha256;
  if (!isOurs || hash !== OID.sha256 || confirmed.certHash.length !== 32) throw fail('cmp_confirmation');
  const nonce = taken.header.recipientNonce;
  if (!nonce) throw fail('cmp_recipient_nonce');
  return {
    signer,
    extraCerts: asked.extraCerts.slice(1),
    wanted,
    certificateHash: confirmed.certHash,
    nonce,
  };
}
