import { type ErrorRow, errorsOf } from '@attestel/core';

const malformed = (message: string): ErrorRow & { kind: 'bad-input' } => ({ kind: 'bad-input', message });
const refused = (message: string): ErrorRow & { kind: 'proof-failed' } => ({ kind: 'proof-failed', message });
const denied = (message: string): ErrorRow & { kind: 'denied' } => ({ kind: 'denied', message });

/** One code per rule, so that a refusal names the rule that was broken. */
export const errors = {
  // JSON and JWS form
  base64url_invalid: malformed('not strict base64url without padding'),
  utf8_invalid: malformed('not UTF-8'),
  json_invalid: malformed('not a JSON text'),
  json_not_object: malformed('expected a JSON object'),
  json_duplicate_member: malformed('a JSON object names a member twice'),
  json_forbidden_member: malformed('a JSON object has a member of a forbidden name'),
  json_too_complex: malformed('JSON nested too deeply or too large'),
  jws_malformed: malformed('not a compact JWS of three non-empty parts'),
  jws_too_large: malformed('JWS too large'),
  alg_not_allowed: refused('alg must be ES256 or EdDSA and fit the key'),
  typ_wrong: refused('typ of the issuer-signed JWT must be dc+sd-jwt'),
  crit_not_understood: refused('crit names extensions that are not understood'),
  key_not_supported: refused('key must be P-256 or Ed25519'),
  signature_invalid: refused('signature does not verify'),
  // RFC 9901 §4: form of an SD-JWT
  sd_jwt_too_large: malformed('SD-JWT too large'),
  sd_jwt_no_separator: malformed('SD-JWT has no ~'),
  sd_jwt_not_terminated: malformed('SD-JWT does not end with ~'),
  sd_jwt_empty_part: malformed('SD-JWT has an empty part between two ~'),
  sd_jwt_too_many_disclosures: malformed('too many disclosures'),
  disclosure_too_large: malformed('disclosure too large'),
  disclosure_not_array: malformed('disclosure is not a JSON array'),
  disclosure_arity: refused('disclosure must have two or three elements'),
  disclosure_salt_not_string: refused('salt of a disclosure must be a non-empty string'),
  disclosure_name_not_string: refused('claim name of a disclosure must be a string'),
  // RFC 9901 §7.1: processing
  disclosure_reserved_name: refused('claim name of a disclosure is reserved'),
  disclosure_not_property: refused('a digest in _sd needs a disclosure of three elements'),
  disclosure_not_element: refused('a digest in an array needs a disclosure of two elements'),
  disclosure_claim_exists: refused('disclosed claim already exists at that level'),
  disclosure_duplicate: refused('a disclosure is present twice'),
  disclosure_not_referenced: refused('a disclosure is not referenced by any digest'),
  digest_duplicate: refused('a digest occurs more than once'),
  digest_malformed: refused('a digest is not the base64url form of 32 bytes'),
  too_many_digests: malformed('too many digests'),
  sd_not_array: refused('_sd must be an array of strings'),
  sd_alg_unsupported: refused('_sd_alg must be sha-256'),
  sd_alg_misplaced: refused('_sd_alg is allowed at the top level of the payload only'),
  ellipsis_malformed: refused('an object with the member ... must be an array element with nothing else'),
  // SD-JWT VC §2.2.2: claims
  claim_not_disclosable: refused('claim must not be selectively disclosable'),
  claim_missing: refused('required claim is missing'),
  claim_malformed: refused('claim has the wrong form'),
  vct_not_accepted: refused('credential type is not accepted here'),
  credential_expired: refused('credential has expired'),
  credential_not_yet_valid: refused('credential is not valid yet'),
  credential_from_the_future: refused('credential was issued in the future'),
  credential_audience_wrong: refused('credential is meant for another audience'),
  cnf_malformed: refused('cnf must hold exactly one jwk'),
  cnf_private_key: refused('cnf.jwk must not hold private or symmetric key members'),
  cnf_extra_member: refused('cnf.jwk may hold kty, crv, x and y only'),
  status_malformed: refused('status must hold a status_list with idx and uri'),
  // RFC 9901 §4.3, §7.3: key binding
  key_binding_missing: refused('key binding JWT is missing'),
  key_binding_unexpected: refused('key binding JWT where none belongs'),
  key_binding_typ_wrong: refused('typ of the key binding JWT must be kb+jwt'),
  key_binding_alg_wrong: refused('alg of the key binding JWT does not fit the key in cnf'),
  key_binding_crit: refused('crit of the key binding JWT is not understood'),
  key_binding_claim_missing: refused('key binding JWT lacks a claim or has it in the wrong form'),
  key_binding_audience_wrong: refused('key binding JWT is meant for another verifier'),
  key_binding_nonce_wrong: refused('key binding JWT answers another request'),
  key_binding_too_old: refused('key binding JWT is too old'),
  key_binding_from_the_future: refused('key binding JWT was made in the future'),
  key_binding_expired: refused('key binding JWT is outside its own validity'),
  key_binding_hash_wrong: refused('sd_hash does not match what is presented'),
  key_binding_signature_invalid: refused('key binding signature does not verify'),
  // Holder
  claim_not_available: { kind: 'not-found', message: 'credential has no such claim to disclose' },
  holder_key_mismatch: refused('credential is bound to another key'),
  // Issuer trust
  issuer_kid_not_did_url: denied('kid must be a DID URL with fragment'),
  issuer_not_accredited: denied('issuer is not accredited for this type at this time'),
  issuer_url_mismatch: denied('iss is not the URL the issuer is accredited under'),
  issuer_status_elsewhere: denied('status list does not stand under the URL of the issuer'),
  issuer_did_unresolved: denied('DID of the issuer does not resolve'),
  issuer_key_not_assertion: denied('kid is not an assertionMethod key of the issuer'),
  issuer_x5c_malformed: denied('x5c must hold one to four certificates'),
  issuer_x5c_untrusted: denied('certificate chain does not lead to a trust anchor'),
  issuer_x5c_key_mismatch: denied('certificate and DID document hold different keys'),
  issuer_x5c_name_mismatch: denied('certificate does not name the DID of the issuer'),
  // Token Status List
  status_list_malformed: malformed('status list has the wrong form'),
  status_list_too_large: malformed('status list inflates beyond the bound'),
  status_list_typ_wrong: refused('typ of a status list token must be statuslist+jwt'),
  status_list_subject_wrong: refused('sub of the status list token is not its URI'),
  status_list_claim_missing: refused('status list token lacks a claim or has it in the wrong form'),
  status_list_expired: refused('status list token is older than its exp or ttl'),
  status_list_from_the_future: refused('status list token was issued in the future'),
  status_list_older: refused('status list token is older than the one known'),
  status_list_not_issuers: refused('status list is not of the issuer under whose URL it stands'),
  status_fetch_failed: { kind: 'unavailable', message: 'status list could not be fetched' },
  // Porting
  porting_typ_wrong: refused('typ of a porting record must be attestel-porting+jwt'),
  porting_malformed: refused('porting record has the wrong form'),
  porting_signer_wrong: refused('porting record is not signed by the operator that handed over'),
  porting_from_the_future: refused('porting record lies in the future'),
  porting_broken_chain: refused('porting records do not lead to the issuer of the credential'),
  // Claims of a type
  claims_invalid: malformed('claim does not fit the credential type'),
} as const satisfies Record<string, ErrorRow>;

export const fail = errorsOf(errors);
export type CredentialErrorCode = keyof typeof errors;
