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
} as const;

export const fail = errorsOf(errors);
