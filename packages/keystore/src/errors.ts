import { errorsOf } from '@attestel/core';

/** Errors of every key store. None carries a reference to key material; refs are safe to show. */
export const errors = {
  key_exists: { kind: 'conflict', message: 'a key with this ref exists' },
  key_not_found: { kind: 'not-found', message: 'no key with this ref' },
  key_ref_invalid: { kind: 'bad-input', message: 'key ref must match ^[a-z0-9][a-z0-9/._-]{0,99}$' },
  key_wrong_algorithm: { kind: 'bad-input', message: 'the key has another algorithm than this use needs' },
  key_wrong_purpose: { kind: 'denied', message: 'the purpose of the key does not allow this use' },
  key_algorithm_unsupported: {
    kind: 'unsupported',
    message: 'this key store makes no keys of that algorithm',
  },
  key_file_locked: {
    kind: 'denied',
    message: 'the passphrase does not open the key file, or the file was altered',
  },
  key_file_corrupt: { kind: 'internal', message: 'the key file is not in the format of this version' },
  token_unavailable: {
    kind: 'unavailable',
    message: 'the PKCS #11 token cannot be used',
  },
  token_pin_refused: {
    kind: 'denied',
    message:
      'the PKCS #11 token refuses the PIN, which is not tried again: tokens lock after a few wrong ones',
  },
  key_file_changed: {
    kind: 'conflict',
    message: 'the key file was changed by another process; open it again',
  },
} as const;

export const fail = errorsOf(errors);
