import { errorsOf } from '@attestel/core';

export const fail = errorsOf({
  command_unknown: { kind: 'bad-input', message: 'no such command; see attestel --help' },
  option_invalid: { kind: 'bad-input', message: 'not a valid option or value' },
  argument_missing: { kind: 'bad-input', message: 'is missing' },
  argument_superfluous: { kind: 'bad-input', message: 'is one argument too many' },
  not_running: { kind: 'unavailable', message: 'nothing answers there; is the node running (npm start)?' },
  request_refused: { kind: 'internal', message: 'the node refused the request' },
  data_missing: {
    kind: 'not-found',
    message: 'no data there; run npm start once, or name the folder with --data',
  },
  app_not_started: { kind: 'unavailable', message: 'the demo app did not start; is its port taken?' },
});
