import { errorsOf } from '@attestel/core';

/** What front ends refuse before they look at the meaning. Messages name the rule, never the input. */
export const errors = {
  message_structure: {
    kind: 'bad-input',
    message: 'the message does not have the structure of its protocol',
  },
  serial_refused: { kind: 'bad-input', message: 'a serial number is not negative and has at most 20 octets' },
  signing_key_refused: { kind: 'bad-input', message: 'a key that only makes MACs cannot sign certificates' },
} as const;

export const fail = errorsOf(errors);
