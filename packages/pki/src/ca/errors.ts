import { errorsOf } from '@attestel/core';

/** Why a certification request is not taken, or nothing can be issued. Messages name the rule only. */
export const errors = {
  request_large: { kind: 'too-large', message: 'the certification request is too large' },
  request_version: { kind: 'bad-input', message: 'only version 1 of PKCS #10 exists' },
  request_attribute: {
    kind: 'bad-input',
    message: 'an attribute of the request occurs twice or is malformed',
  },
  request_possession: { kind: 'proof-failed', message: 'the request is not signed by the key that it names' },
  ca_key_mismatch: { kind: 'internal', message: 'the key of the authority is not that of its certificate' },
  ca_expired: { kind: 'unavailable', message: 'the certificate of the authority is not valid now' },
} as const;

export const fail = errorsOf(errors);
