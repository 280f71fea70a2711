import { errorsOf } from '@attestel/core';

/** Everything the issuer refuses with. `wire`: RFC 6749 §5.2, RFC 9449 §12, OID4VCI 1.0 §6.3 and §8.3.1. */
export const issuerErrors = {
  request_malformed: { kind: 'bad-input', wire: 'invalid_request', message: 'the request is malformed' },
  media_type_wrong: { kind: 'bad-input', wire: 'invalid_request', message: 'wrong content type' },
  grant_unsupported: {
    kind: 'bad-input',
    wire: 'unsupported_grant_type',
    message: 'only the pre-authorized code grant is supported',
  },
  tx_code_missing: {
    kind: 'bad-input',
    wire: 'invalid_request',
    message: 'a transaction code is required',
  },
  tx_code_wrong: { kind: 'bad-input', wire: 'invalid_grant', message: 'the transaction code is wrong' },
  code_invalid: {
    kind: 'bad-input',
    wire: 'invalid_grant',
    message: 'the pre-authorized code is unknown, used or expired',
  },
  dpop_invalid: { kind: 'bad-input', wire: 'invalid_dpop_proof', message: 'the DPoP proof is not valid' },
  dpop_nonce_needed: {
    kind: 'bad-input',
    wire: 'use_dpop_nonce',
    message: 'the DPoP proof needs the nonce of the DPoP-Nonce header',
  },
  token_missing: { kind: 'unauthenticated', wire: 'invalid_token', message: 'an access token is required' },
  token_invalid: {
    kind: 'unauthenticated',
    wire: 'invalid_token',
    message: 'the access token is unknown, expired or bound to another key',
  },
  credential_request_malformed: {
    kind: 'bad-input',
    wire: 'invalid_credential_request',
    message: 'the credential request is malformed',
  },
  configuration_unknown: {
    kind: 'bad-input',
    wire: 'unknown_credential_configuration',
    message: 'no such credential configuration',
  },
  identifier_unknown: {
    kind: 'bad-input',
    wire: 'unknown_credential_identifier',
    message: 'no such credential identifier',
  },
  encryption_unsupported: {
    kind: 'bad-input',
    wire: 'invalid_encryption_parameters',
    message: 'encrypted credential responses are not supported',
  },
  proof_invalid: { kind: 'bad-input', wire: 'invalid_proof', message: 'a key proof is not valid' },
  nonce_invalid: {
    kind: 'bad-input',
    wire: 'invalid_nonce',
    message: 'the c_nonce is unknown, used or expired',
  },
  issuance_denied: {
    kind: 'bad-input',
    wire: 'credential_request_denied',
    message: 'the line cannot get credentials now',
  },
  binding_statement_invalid: {
    kind: 'bad-input',
    wire: 'invalid_proof',
    message: 'the statement is not signed by a key this line is bound to',
  },
  offer_not_found: { kind: 'not-found', message: 'the offer is unknown, used or expired' },
  status_list_not_found: { kind: 'not-found', message: 'no such status list' },
  desk_denied: { kind: 'denied', message: 'this party may not use the desk' },
  body_invalid: { kind: 'bad-input', message: 'does not satisfy the rule' },
  subscriber_not_found: { kind: 'not-found', message: 'no such subscription' },
  number_in_use: { kind: 'conflict', message: 'the number belongs to another subscription' },
  subscription_exists: { kind: 'conflict', message: 'a different subscription has this id' },
  event_refused: { kind: 'conflict', message: 'the line does not allow this now' },
  line_not_active: { kind: 'conflict', message: 'only an active line gets credentials' },
  handle_in_use: { kind: 'conflict', message: 'the handle is in use or has ended' },
  idempotency_conflict: {
    kind: 'conflict',
    message: 'the idempotency key was used for another request',
  },
  porting_record_invalid: { kind: 'proof-failed', message: 'the porting record is not acceptable' },
  return_not_allowed: { kind: 'bad-input', message: 'must be an address of the wallet' },
  cross_site_form: { kind: 'denied', message: 'the form was not sent from this page' },
} as const;

export const fail = errorsOf(issuerErrors);
export type IssuerErrorCode = keyof typeof issuerErrors;
