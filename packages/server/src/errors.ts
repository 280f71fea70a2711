import { errorsOf } from '@attestel/core';

export const fail = errorsOf({
  config_invalid: { kind: 'bad-input', message: 'not a valid setting' },
  config_unknown_key: { kind: 'bad-input', message: 'unknown setting' },
  demo_in_production: { kind: 'denied', message: 'demo settings are refused in production' },
  ledger_not_configured: {
    kind: 'bad-input',
    message: 'this node needs a ledger: set ledger.solo, ledger.follow or ledger.cometbft',
  },
  witness_unknown: {
    kind: 'conflict',
    message: 'the policy does not list this node’s witness key; have it added: attestel node witness',
  },
  log_key_unknown: {
    kind: 'conflict',
    message: 'the policy does not list this node’s key of the log; see attestel node found',
  },
  file_exists: { kind: 'conflict', message: 'is there already, with other content' },
  file_unreadable: { kind: 'not-found', message: 'cannot be read' },
  port_in_use: { kind: 'conflict', message: 'the port is taken by another program' },
  provisioning_refused: { kind: 'internal', message: 'the ledger refused a provisioning operation' },
  data_of_other_origin: {
    kind: 'conflict',
    message:
      'the data folder was made for another port or scheme: use the same --port and --tls, another --data, or --reset',
  },
  data_of_other_driver: {
    kind: 'conflict',
    message:
      'the data folder’s ledger was made by another driver: use the same --driver, another --data, or --reset',
  },
  validators_not_started: {
    kind: 'unavailable',
    message: 'the validators made no block in time; the engines say why in engine.log of each party’s folder',
  },
  console_link_invalid: {
    kind: 'unauthenticated',
    message: 'the link was used, is older than a minute, or is none; make another: attestel console',
  },
  console_signed_out: { kind: 'unauthenticated', message: 'nobody is signed in to the console here' },
  console_not_staff: { kind: 'denied', message: 'this party may not sign in to the console of this node' },
  console_foreign_request: { kind: 'denied', message: 'only the console’s own page may ask this' },
  start_page_foreign: { kind: 'denied', message: 'only the start page itself may ask this; open it there' },
  inspection_request_invalid: { kind: 'bad-input', message: 'is not as the inspector’s page sends it' },
  invite_unknown: { kind: 'not-found', message: 'no such invitation' },
  invite_expired: {
    kind: 'gone',
    message: 'the invitation is over; have another one made: attestel inspector invite',
  },
  invite_used: { kind: 'conflict', message: 'another phone has taken this invitation' },
  pairing_differs: {
    kind: 'proof-failed',
    message: 'the phone has signed something else than was drafted for it',
  },
  inspector_unknown: { kind: 'denied', message: 'not an inspector of this member' },
  inspector_not_valid: { kind: 'denied', message: 'the appointment is over or was revoked' },
  consent_changed_too_often: {
    kind: 'too-many',
    message: 'the person has changed what this app may know too often within an hour',
  },
  consents_unsettled: {
    kind: 'unavailable',
    message: 'the ledger has not told yet what became of earlier choices of the person at this app',
  },
  app_unknown: { kind: 'not-found', message: 'no such app' },
  app_not_yours: { kind: 'denied', message: 'only the member that vouches for the app may read its secret' },
});
