import { type Bytes, equalBytes } from '@attestel/core';
import { OID } from '../../asn1/oids.ts';
import { type KeyRequest, parseCertificationRequest } from '../../ca/certification-request.ts';
import { fail } from '../errors.ts';
import { type CertificateRequest, parseCertificateRequest } from './crmf.ts';
import { BODY, type CmpMessage, parseCmpMessage } from './message.ts';
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

const REQUESTS: ReadonlySet<number> = new Set([BODY.ir, BODY.cr, BODY.kur, BODY.p10cr]);

/**
 * Checks the two messages of a device, ir, cr, kur or p10cr and its certConf, against each other: one signer, one
 * transaction, the key proved, the certificate taken. Without state, clock or chance, so that validators agree.
 * @throws AppError cmp_*, message_structure, and those of @attestel/x509
 */
export function checkCmpEvidence(request: Bytes, confirmation: Bytes): CmpEvidence {
  const [asked, taken] = [parseCmpMessage(request), parseCmpMessage(confirmation)];
  if (!REQUESTS.has(asked.kind) || taken.kind !== BODY.certConf) throw fail('cmp_body');
  const signer = verifyProtection(asked);
  verifyProtectionBy(taken, signer);
  const [first, second] = [asked.header.transactionId, taken.header.transactionId];
  if (!first || !second || !equalBytes(first, second)) throw fail('cmp_transaction_unknown');
  const { id, wanted } = requestIn(asked);
  const confirmed = parseConfirmation(taken.body);
  const isOurs = confirmed?.isAccepted && confirmed.certReqId === id;
  const hash = confirmed?.hash ?? OID.sha256;
  if (!isOurs || hash !== OID.sha256 || confirmed.certHash.length !== 32) throw fail('cmp_confirmation');
  const nonce = taken.header.recipientNonce;
  if (!nonce) throw fail('cmp_recipient_nonce');
  return {
    signer: signer.der,
    extraCerts: asked.extraCerts.slice(1),
    wanted,
    certificateHash: confirmed.certHash,
    nonce,
  };
}

/** PKCS #10 has no identifier of its own: −1 stands for it (RFC 9810 §5.3.4). */
const P10_ID = -1;

/** What a message asks for. @throws AppError as {@link checkCmpEvidence} */
export function requestIn({ kind, body }: CmpMessage): CertificateRequest {
  if (kind !== BODY.p10cr) return parseCertificateRequest(body);
  return { id: P10_ID, wanted: parseCertificationRequest(body.bytes), replaces: undefined };
}
