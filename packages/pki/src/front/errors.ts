import { errorsOf } from '@attestel/core';

/** Why a front end refuses. Each protocol writes them in its own form; messages name the rule only. */
export const errors = {
  ocsp_request_version: { kind: 'bad-input', message: 'only version 1 of OCSP requests exists' },
  ocsp_request_empty: { kind: 'bad-input', message: 'a status request names at least one certificate' },
  ocsp_request_many: { kind: 'too-large', message: 'the status request names too many certificates' },
  ocsp_request_large: { kind: 'too-large', message: 'the status request is too large' },
  ocsp_nonce: { kind: 'bad-input', message: 'a nonce has 1 to 128 octets' },
  ocsp_hash: {
    kind: 'bad-input',
    message: 'the hash of a certificate identifier is not known or not its size',
  },
  ocsp_extension: { kind: 'bad-input', message: 'a critical extension of the status request is not known' },
  crl_unknown: { kind: 'not-found', message: 'no revocation list of that name' },
  peer_many: {
    kind: 'too-large',
    message: 'more certificates came along than a chain has',
    wire: 'badRequest',
  },
  peer_usage: {
    kind: 'denied',
    message: 'the certificate of the sender is not for signatures',
    wire: 'signerNotTrusted',
  },
  peer_status: {
    kind: 'denied',
    message: 'the certificate of the sender is not published, suspended, or revoked',
    wire: 'signerNotTrusted',
  },
  peer_untrusted: {
    kind: 'denied',
    message: 'the certificate of the sender leads to no anchor of the ledger',
    wire: 'signerNotTrusted',
  },
  cmp_message: { kind: 'bad-input', message: 'not a CMP message', wire: 'badDataFormat' },
  cmp_version: {
    kind: 'unsupported',
    message: 'versions 2 and 3 of CMP are spoken',
    wire: 'unsupportedVersion',
  },
  cmp_unprotected: { kind: 'denied', message: 'the message is not signed', wire: 'badMessageCheck' },
  cmp_protection: {
    kind: 'denied',
    message: 'the message is not protected by a signature',
    wire: 'wrongIntegrity',
  },
  cmp_signature: {
    kind: 'proof-failed',
    message: 'the signature of the message is wrong',
    wire: 'badMessageCheck',
  },
  cmp_signer_missing: {
    kind: 'denied',
    message: 'the certificate that signed does not come first in extraCerts',
    wire: 'addInfoNotAvailable',
  },
  cmp_sender: {
    kind: 'denied',
    message: 'the sender is not the subject of the certificate that signed',
    wire: 'badMessageCheck',
  },
  cmp_time: { kind: 'denied', message: 'the message is not of this time', wire: 'badTime' },
  cmp_sender_nonce: {
    kind: 'bad-input',
    message: 'a sender nonce has 16 to 64 octets',
    wire: 'badSenderNonce',
  },
  cmp_recipient_nonce: {
    kind: 'denied',
    message: 'the recipient nonce is not the one that was sent',
    wire: 'badRecipientNonce',
  },
  cmp_transaction_id: {
    kind: 'bad-input',
    message: 'a transaction identifier has 16 to 64 octets',
    wire: 'badDataFormat',
  },
  cmp_transaction_used: {
    kind: 'conflict',
    message: 'the transaction identifier was used before',
    wire: 'transactionIdInUse',
  },
  cmp_transaction_unknown: {
    kind: 'not-found',
    message: 'no such transaction is open',
    wire: 'badRequest',
  },
  cmp_transactions_full: {
    kind: 'unavailable',
    message: 'too many transactions are open',
    wire: 'systemUnavail',
  },
  cmp_body: { kind: 'unsupported', message: 'no such request is taken here', wire: 'badRequest' },
  cmp_one_request: {
    kind: 'bad-input',
    message: 'one certificate is asked for at a time',
    wire: 'badRequest',
  },
  cmp_template: {
    kind: 'bad-input',
    message: 'the template needs a subject and a public key',
    wire: 'badCertTemplate',
  },
  cmp_possession: {
    kind: 'proof-failed',
    message: 'possession of the private key is not proved by a signature',
    wire: 'badPOP',
  },
  cmp_not_renewable: {
    kind: 'denied',
    message: 'only a certificate of an operator is renewed',
    wire: 'notAuthorized',
  },
  cmp_old_certificate: {
    kind: 'bad-input',
    message: 'the certificate to be replaced is not the one that signed',
    wire: 'badCertId',
  },
  cmp_signer_mismatch: {
    kind: 'internal',
    message: 'the key of the CMP server is not that of its certificate',
  },
  cmp_confirmation: {
    kind: 'bad-input',
    message: 'the confirmation is not of the certificate that was sent',
    wire: 'badCertId',
  },
  revoke_not_yours: {
    kind: 'denied',
    message: 'a device takes back its own certificate only',
    wire: 'notAuthorized',
  },
  revoke_reason: {
    kind: 'unsupported',
    message: 'not a reason for which a device takes its certificate back',
    wire: 'badRequest',
  },
  enrol_profile_unknown: {
    kind: 'not-found',
    message: 'nothing is issued under that label',
    wire: 'badRequest',
  },
  enrol_not_allowed: {
    kind: 'denied',
    message: 'nothing is issued here to who asks',
    wire: 'notAuthorized',
  },
  enrol_foreign: {
    kind: 'denied',
    message: 'the certificate was issued by another operator',
    wire: 'notAuthorized',
  },
  enrol_destination: {
    kind: 'denied',
    message: 'the vendor made the device for another operator',
    wire: 'notAuthorized',
  },
  enrol_device_serial: {
    kind: 'bad-input',
    message: 'the vendor’s certificate names no device serial that can be used',
    wire: 'badCertTemplate',
  },
  enrol_name: {
    kind: 'denied',
    message: 'a DNS name is missing, or is none that may be asked for',
    wire: 'badCertTemplate',
  },
  enrol_anchor: {
    kind: 'unavailable',
    message: 'the authority is no anchor of the ledger that is in force',
    wire: 'systemUnavail',
  },
  enrol_unconfirmed: { kind: 'denied', message: 'the device has not confirmed that it took it' },
  enrol_origin_unproven: {
    kind: 'denied',
    message:
      'a vendor’s certificate in TLS proves nothing to others, unless it was published in a batch for this operator',
  },
  est_challenge: {
    kind: 'denied',
    message: 'the challenge password is not one that csrattrs gave out within a day',
  },
  est_body: { kind: 'bad-input', message: 'the body is not the base64 of a certification request' },
  est_insecure: { kind: 'denied', message: 'enrolment goes through TLS only' },
  est_unauthenticated: { kind: 'unauthenticated', message: 'show a certificate, or a name and a password' },
  est_not_renewable: { kind: 'denied', message: 'only a certificate of an operator is renewed' },
  est_other_subject: {
    kind: 'denied',
    message: 'a renewal has the subject and the names of the certificate that it renews',
  },
} as const;

export const fail = errorsOf(errors);
