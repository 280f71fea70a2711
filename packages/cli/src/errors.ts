import { errorsOf } from '@attestel/core';

export const fail = errorsOf({
  command_unknown: { kind: 'bad-input', message: 'no such command; see attestel --help' },
  option_invalid: { kind: 'bad-input', message: 'not a valid option or value' },
  config_unreadable: { kind: 'bad-input', message: 'is no JSON file that can be read' },
  argument_missing: { kind: 'bad-input', message: 'is missing' },
  argument_superfluous: { kind: 'bad-input', message: 'is one argument too many' },
  not_running: { kind: 'unavailable', message: 'nothing answers there; is the node running (npm start)?' },
  request_refused: { kind: 'internal', message: 'the node refused the request' },
  data_missing: {
    kind: 'not-found',
    message: 'no data there; run npm start once, or name the folder with --data',
  },
  ledger_of_other_origin: {
    kind: 'proof-failed',
    message: 'is of another ledger than the key signs for; name its key with --key',
  },
  anchor_mismatch: {
    kind: 'proof-failed',
    message: 'the parent anchored another history; what it stands by was rewritten',
  },
  ledger_incomplete: { kind: 'unavailable', message: 'the node did not give what its checkpoint covers' },
  policy_not_in_chain: {
    kind: 'proof-failed',
    message: 'no policy of the node’s chain is the one given',
  },
  kept_differs: { kind: 'proof-failed', message: 'what the node keeps is not what the ledger says' },
  folder_taken: { kind: 'conflict', message: 'is there already' },
  object_unknown: { kind: 'not-found', message: 'the ledger knows none of that id' },
  nothing_to_pay: { kind: 'conflict', message: 'is not agreed, or its net is zero' },
  bank_unknown: { kind: 'not-found', message: 'has told this party no bank account (roaming.bank)' },
  did_not_found: { kind: 'not-found', message: 'no such DID on this ledger' },
  did_deactivated: { kind: 'gone', message: 'the DID is deactivated' },
  did_unresolved: {
    kind: 'unavailable',
    message: 'the node did not say what the DID is now; is it running?',
  },
  control_key_missing: { kind: 'denied', message: 'this key store holds no key that may make this change' },
  draft_incomplete: { kind: 'conflict', message: 'has still to sign; pass the draft on with --out' },
  app_not_started: { kind: 'unavailable', message: 'the demo app did not start; is its port taken?' },
});
