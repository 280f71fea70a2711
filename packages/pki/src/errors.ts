import { AppError, type ErrorOptions, type ErrorRow, errorsOf } from '@attestel/core';
import { x509Errors } from '@attestel/x509';

/** Why module `pki` refuses an operation or an item of one. Messages name the rule, never the input. */
export const errors = {
  pki_kind_unknown: { kind: 'bad-input', message: 'the module has no such kind of operation' },
  pki_body_invalid: { kind: 'bad-input', message: 'the body of the operation is malformed' },
  pki_attachment_invalid: { kind: 'bad-input', message: 'the attachment is missing or malformed' },
  pki_facts_unproven: { kind: 'bad-input', message: 'the attachment does not prove what the body says' },
  pki_actor_unsigned: { kind: 'denied', message: 'no signature is by a key that may act for the actor' },
  pki_not_member: { kind: 'denied', message: 'not an active member' },
  pki_role: { kind: 'denied', message: 'the member lacks the role this needs' },
  pki_vote_not_member: { kind: 'denied', message: 'a named voter is not an active member' },
  pki_vote_unsigned: { kind: 'denied', message: 'a named voter did not sign' },
  pki_votes_missing: { kind: 'denied', message: 'not enough members voted' },
  pki_affected_unsigned: { kind: 'denied', message: 'a member whose names this touches did not vote' },
  pki_previous: { kind: 'conflict', message: 'not made after the last operation on the same object' },
  pki_anchor_exists: { kind: 'conflict', message: 'the anchor was admitted before' },
  pki_anchor_unknown: { kind: 'not-found', message: 'no such anchor' },
  pki_anchor_not_yours: { kind: 'denied', message: 'the anchor is another member’s' },
  pki_anchor_not_yet: { kind: 'denied', message: 'the anchor is under notice and not in force yet' },
  pki_anchor_ended: { kind: 'conflict', message: 'the anchor is not in force any more' },
  pki_anchor_suspended: { kind: 'conflict', message: 'the anchor is suspended' },
  pki_anchor_standing: { kind: 'conflict', message: 'the anchor is in that state already' },
  pki_anchor_scope: { kind: 'conflict', message: 'the anchor has another scope' },
  pki_anchor_certificate: { kind: 'bad-input', message: 'not the certificate of a CA that can be an anchor' },
  pki_anchor_kind: { kind: 'bad-input', message: 'an anchor of that kind cannot serve this' },
  pki_notice_too_short: { kind: 'conflict', message: 'the change takes effect before its notice is over' },
  pki_until_invalid: { kind: 'conflict', message: 'the end must lie ahead and after the beginning' },
  pki_batch_exists: { kind: 'conflict', message: 'the batch was authorised before' },
  pki_batch_unknown: { kind: 'not-found', message: 'no such batch authorisation' },
  pki_batch_expired: { kind: 'conflict', message: 'the batch authorisation has expired' },
  pki_batch_suspended: { kind: 'conflict', message: 'the batch is suspended' },
  pki_batch_standing: { kind: 'conflict', message: 'the batch is in that state already' },
  pki_batch_full: { kind: 'conflict', message: 'the batch authorises no more certificates' },
  pki_batch_destination: { kind: 'denied', message: 'neither the batch’s vendor nor its destination' },
  pki_outside_range: { kind: 'denied', message: 'the device serial is outside the authorised range' },
  pki_outside_namespace: { kind: 'denied', message: 'a name is outside the namespaces of the anchor' },
  pki_role_not_allowed: { kind: 'denied', message: 'the anchor issues no certificates of that role' },
  pki_self_signed: { kind: 'denied', message: 'self-signed, and no batch authorisation covers it' },
  pki_device_serial_missing: { kind: 'bad-input', message: 'the certificate names no device serial' },
  pki_proof_malformed: { kind: 'bad-input', message: 'malformed proof of a certificate' },
  pki_node_unreachable: { kind: 'unavailable', message: 'the node does not answer' },
  pki_status_set_invalid: { kind: 'bad-input', message: 'malformed status set' },
  pki_origin_missing: { kind: 'denied', message: 'nothing shows which vendor made the device' },
  pki_origin_invalid: { kind: 'denied', message: 'what shows where the device comes from does not hold' },
  pki_lifetime: { kind: 'bad-input', message: 'valid for longer than its role allows' },
  pki_possession_invalid: { kind: 'bad-input', message: 'possession of the private key is not proven' },
  pki_possession_stale: {
    kind: 'bad-input',
    message: 'the proof of possession is not over a challenge that is in force for the submitter',
  },
  pki_certificate_expired: { kind: 'conflict', message: 'the validity of the certificate is over' },
  pki_certificate_not_yet: { kind: 'conflict', message: 'the validity of the certificate has not begun' },
  pki_certificate_exists: { kind: 'conflict', message: 'the certificate is published already' },
  pki_key_taken: { kind: 'conflict', message: 'another certificate has this public key' },
  pki_serial_taken: { kind: 'conflict', message: 'another certificate of this issuer has this serial' },
  pki_device_taken: { kind: 'conflict', message: 'another certificate of this anchor is for this device' },
  pki_replaces_unknown: { kind: 'not-found', message: 'the certificate to be replaced is not published' },
  pki_replaces_other: { kind: 'denied', message: 'the certificate to be replaced is not this device’s' },
  pki_nothing_accepted: { kind: 'conflict', message: 'no certificate of the submission is accepted' },
  pki_certificate_unknown: { kind: 'not-found', message: 'the certificate is not published' },
  pki_status_final: { kind: 'conflict', message: 'revoked or superseded for good' },
  pki_status_same: { kind: 'conflict', message: 'the certificate is in that status already' },
  pki_status_authority: { kind: 'denied', message: 'not for this member to decide about the certificate' },
  pki_successor_unknown: { kind: 'not-found', message: 'the successor is not published by the same anchor' },
  pki_cell_role: { kind: 'bad-input', message: 'only cells and home gateways are admitted to gateways' },
  pki_gateway_role: { kind: 'bad-input', message: 'the gateway’s certificate is not of a security gateway' },
  pki_gateway_not_yours: { kind: 'denied', message: 'the gateway is another operator’s' },
  pki_not_good: { kind: 'conflict', message: 'a certificate involved is not good at this time' },
  pki_admission_unknown: { kind: 'not-found', message: 'no such admission' },
  pki_relation_unsigned: { kind: 'denied', message: 'both operators must sign the relation' },
  pki_relation_unknown: { kind: 'not-found', message: 'no such relation' },
  pki_relation_ended: { kind: 'conflict', message: 'the relation has ended' },
  pki_relation_slice: { kind: 'denied', message: 'a slice is outside the namespaces of the anchors' },
  pki_query_invalid: { kind: 'bad-input', message: 'the request is malformed' },
  pki_publisher: { kind: 'denied', message: 'not for this party to publish in the member’s name' },
  pki_too_many: { kind: 'too-large', message: 'too many certificates in one submission' },
  pki_unproven: { kind: 'unsupported', message: 'this node gives no receipts' },
} as const;

export type PkiErrorCode = keyof typeof errors;

export const fail = errorsOf(errors);

const TABLE: Readonly<Record<string, ErrorRow>> = { ...x509Errors, ...errors };

/** The refusal of an item, of which the log keeps the code only. */
export const refusalOf = (code: string, options?: ErrorOptions): AppError =>
  new AppError(code, TABLE[code] ?? errors.pki_nothing_accepted, options);

/** Refusal of a submission of which nothing is left: the first item's, with the codes of all where there are more. */
export function refusedAll(codes: readonly string[]): AppError {
  const [first = 'pki_nothing_accepted'] = codes;
  return refusalOf(first, {
    field: '/items/0',
    ...(codes.length > 1 ? { extra: { codes: codes.join(' ') } } : {}),
  });
}
