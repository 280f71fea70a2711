import { errorsOf } from '@attestel/core';

/** Messages name the rule of RFC 5280 that failed, never content of the certificate. */
export const errors = {
  certificate_malformed: { kind: 'bad-input', message: 'not a certificate in strict DER' },
  certificate_unsupported: {
    kind: 'unsupported',
    message: 'only X.509 v3 with Ed25519 or ECDSA P-256 with SHA-256 is supported',
  },
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
  certificate_critical: { kind: 'proof-failed', message: 'a critical extension is not known' },
} as const;

export const fail = errorsOf(errors);
