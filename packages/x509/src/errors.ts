import { errorsOf } from '@attestel/core';

/** One code for each rule. Messages name the rule, never content of the certificate. */
export const errors = {
  // Encoding (X.690 §8, §10, §11)
  der_malformed: { kind: 'bad-input', message: 'not an ASN.1 encoding: cut short or without meaning' },
  der_form: { kind: 'bad-input', message: 'BER that is not DER: a value has one encoding' },
  der_trailing: { kind: 'bad-input', message: 'bytes after the end' },
  der_structure: { kind: 'bad-input', message: 'not the ASN.1 structure that was expected' },
  der_too_large: { kind: 'too-large', message: 'more bytes than such a structure may have' },
  // Certificate (RFC 5280 §4)
  certificate_too_large: { kind: 'too-large', message: 'a certificate has at most 20 KiB' },
  certificate_version: { kind: 'unsupported', message: 'only version 3 of X.509 is supported' },
  certificate_algorithms_differ: {
    kind: 'bad-input',
    message: 'the signed and the unsigned signature algorithm differ',
  },
  serial_negative: { kind: 'bad-input', message: 'a serial number is a positive integer' },
  serial_too_long: { kind: 'bad-input', message: 'a serial number has at most 20 octets' },
  time_form: {
    kind: 'bad-input',
    message: 'times are UTCTime to 2049 and GeneralizedTime after, in seconds, ending in Z',
  },
  name_malformed: { kind: 'bad-input', message: 'not a well-formed name' },
  extension_duplicate: { kind: 'bad-input', message: 'an extension occurs twice' },
  extension_malformed: { kind: 'bad-input', message: 'an extension does not have the form of its kind' },
  extension_critical_unknown: { kind: 'proof-failed', message: 'a critical extension is not known' },
  // Keys and signatures
  algorithm_refused: { kind: 'bad-input', message: 'signatures with MD2, MD5 or SHA-1 are refused' },
  algorithm_unsupported: {
    kind: 'unsupported',
    message: 'signatures are ECDSA, RSA (PKCS #1 v1.5 or PSS) with SHA-2, or Ed25519',
  },
  key_unsupported: { kind: 'unsupported', message: 'keys are EC P-256 or P-384, RSA, or Ed25519' },
  key_too_small: { kind: 'bad-input', message: 'an RSA key has at least 2048 bits' },
  key_too_large: { kind: 'bad-input', message: 'an RSA key has at most 4096 bits' },
  key_malformed: { kind: 'bad-input', message: 'not a valid public key' },
  // Chains of the consortium: a leaf directly under an anchor
  certificate_chain: { kind: 'bad-input', message: 'expected the leaf alone, without the trust anchor' },
  certificate_untrusted: {
    kind: 'proof-failed',
    message: 'the certificate was not issued under a trust anchor',
  },
  certificate_not_valid: { kind: 'proof-failed', message: 'a certificate is outside its validity period' },
  certificate_usage: {
    kind: 'proof-failed',
    message: 'basic constraints or key usage do not allow this place in the chain',
  },
  // Paths (RFC 5280 §6)
  path_untrusted: { kind: 'proof-failed', message: 'no chain of signatures leads to a trust anchor' },
  path_cyclic: { kind: 'proof-failed', message: 'the certificates sign each other in a circle' },
  path_too_long: {
    kind: 'proof-failed',
    message: 'no trust anchor within the number of certificates allowed',
  },
  path_work: { kind: 'too-large', message: 'finding a path would take more work than is allowed' },
  path_not_yet_valid: { kind: 'proof-failed', message: 'a certificate of the path is not valid yet' },
  path_expired: { kind: 'proof-failed', message: 'a certificate of the path has expired' },
  path_not_ca: { kind: 'proof-failed', message: 'an issuer in the path is not a CA' },
  path_length: { kind: 'proof-failed', message: 'the path is longer than a CA in it allows' },
  path_key_usage: { kind: 'proof-failed', message: 'an issuer in the path may not sign certificates' },
  path_name_excluded: { kind: 'proof-failed', message: 'a name is excluded by a CA of the path' },
  path_name_not_permitted: {
    kind: 'proof-failed',
    message: 'a name is outside what a CA of the path permits',
  },
  path_name_form: {
    kind: 'proof-failed',
    message: 'a name of this form cannot be compared with the name constraints',
  },
  path_names_too_many: { kind: 'too-large', message: 'more names and name constraints than are compared' },
  path_policy: { kind: 'proof-failed', message: 'no certificate policy is valid for the path' },
  path_policy_mapping: { kind: 'proof-failed', message: 'anyPolicy cannot be mapped' },
  path_policy_work: { kind: 'too-large', message: 'more policies than are compared' },
  path_nonconforming: { kind: 'proof-failed', message: 'a certificate is not as a CA of RFC 5280 writes it' },
  // Revocation lists (RFC 5280 §5, §6.3)
  crl_too_large: { kind: 'too-large', message: 'a revocation list has at most 16 MiB' },
  crl_malformed: { kind: 'bad-input', message: 'not a revocation list as RFC 5280 has it' },
  path_revoked: { kind: 'proof-failed', message: 'a certificate of the path is revoked' },
  path_status_unknown: {
    kind: 'proof-failed',
    message: 'no valid revocation list covers a certificate of the path',
  },
  // Profiles of roles (TS 33.310, RFC 9310, IEEE 802.1AR)
  profile_ca: { kind: 'bad-input', message: 'the role is for a CA or it is not, unlike the certificate' },
  profile_key_usage: { kind: 'bad-input', message: 'key usage is not that of the role' },
  profile_ext_key_usage: { kind: 'bad-input', message: 'extended key usage is not that of the role' },
  profile_alt_name: { kind: 'bad-input', message: 'alternative names are not those of the role' },
  profile_subject: { kind: 'bad-input', message: 'the subject is not that of the role' },
  profile_nf_types: {
    kind: 'bad-input',
    message: 'types of network functions stand in their certificates only',
  },
  profile_key_id: { kind: 'bad-input', message: 'a key identifier is missing' },
  profile_validity: { kind: 'bad-input', message: 'the validity period is longer than the role allows' },
  profile_extension: { kind: 'bad-input', message: 'an extension does not belong into this role' },
} as const;

export const fail = errorsOf(errors);
