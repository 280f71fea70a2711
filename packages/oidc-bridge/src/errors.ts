import { errorsOf } from '@attestel/core';

/** Failures of the bridge itself; each has a page of its own (`pages/problem.page.ts`). */
export const bridgeErrors = {
  login_expired: { kind: 'gone', message: 'the sign-in has expired' },
  other_browser: { kind: 'denied', message: 'the sign-in was begun in another browser' },
  already_used: { kind: 'conflict', message: 'the sign-in is finished already' },
  app_unknown: { kind: 'not-found', message: 'no such app' },
  app_not_active: { kind: 'denied', message: 'the app is not registered or is suspended' },
  bridge_not_active: { kind: 'unavailable', message: 'this sign-in service is not accredited' },
  cross_site: { kind: 'denied', message: 'the form was sent from another site' },
  form_invalid: { kind: 'bad-input', message: 'the form has an invalid value' },
  account_raced: { kind: 'conflict', message: 'the account was made by another request' },
  reads_lost: { kind: 'unavailable', message: 'the store has lost what this request had read' },
  session_ended: { kind: 'gone', message: 'the session has ended meanwhile' },
  consent_not_recorded: { kind: 'unavailable', message: 'the consent could not be written down in time' },
  code_reused: { kind: 'conflict', message: 'the code has been used already' },
} as const satisfies Parameters<typeof errorsOf>[0];

export const fail = errorsOf(bridgeErrors);
export type BridgeErrorCode = keyof typeof bridgeErrors;
