import { errorsOf } from '@attestel/core';

export const fail = errorsOf({
  config_invalid: { kind: 'bad-input', message: 'not a valid setting' },
  config_unknown_key: { kind: 'bad-input', message: 'unknown setting' },
  demo_in_production: { kind: 'denied', message: 'demo settings are refused in production' },
  port_in_use: { kind: 'conflict', message: 'the port is taken by another program' },
  provisioning_refused: { kind: 'internal', message: 'the ledger refused a provisioning operation' },
  app_unknown: { kind: 'not-found', message: 'no such app' },
  app_not_yours: { kind: 'denied', message: 'only the member that vouches for the app may read its secret' },
});
