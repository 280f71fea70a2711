import { type AppError, errorsOf } from '@attestel/core';

/**
 * Failures of a presentation flow. `wire` is the OAuth error code of the answer to the wallet; the
 * code itself decides which page the person sees.
 */
export const verifierErrors = {
  request_unknown: {
    kind: 'not-found',
    wire: 'invalid_request',
    message: 'no such request; it is over or never was',
  },
  request_expired: { kind: 'gone', wire: 'invalid_request', message: 'the request has expired' },
  request_taken: {
    kind: 'conflict',
    wire: 'invalid_request',
    message: 'the request is in the hands of another wallet',
  },
  request_used: {
    kind: 'conflict',
    wire: 'invalid_request',
    message: 'the request has been answered already',
  },
  request_parameter_invalid: { kind: 'bad-input', wire: 'invalid_request', message: 'invalid value' },
  response_malformed: {
    kind: 'bad-input',
    wire: 'invalid_request',
    message: 'expected a form with either response or error',
  },
  response_undecryptable: {
    kind: 'bad-input',
    wire: 'invalid_request',
    message: 'the response is not encrypted to the key of this request',
  },
  response_state_mismatch: {
    kind: 'bad-input',
    wire: 'invalid_request',
    message: 'state is not the one of the request',
  },
  presentation_invalid: {
    kind: 'bad-input',
    wire: 'invalid_request',
    message: 'the presentation does not verify',
  },
  presentation_unsatisfying: {
    kind: 'bad-input',
    wire: 'invalid_request',
    message: 'the presentation does not hold what was asked',
  },
  clock_skew: {
    kind: 'bad-input',
    wire: 'invalid_request',
    message: 'the presentation was made too long ago or in the future',
  },
  credential_expired: { kind: 'denied', wire: 'access_denied', message: 'the credential has expired' },
  credential_revoked: { kind: 'denied', wire: 'access_denied', message: 'the credential is revoked' },
  credential_suspended: { kind: 'denied', wire: 'access_denied', message: 'the credential is suspended' },
  credential_sim_changed: {
    kind: 'denied',
    wire: 'access_denied',
    message: 'the SIM of this number has changed since the credential was issued',
  },
  status_unavailable: {
    kind: 'unavailable',
    wire: 'temporarily_unavailable',
    message: 'no fresh status of the credential is at hand',
  },
  issuer_not_accredited: {
    kind: 'denied',
    wire: 'access_denied',
    message: 'the issuer is not accredited for this credential type',
  },
  declined: { kind: 'denied', wire: 'access_denied', message: 'the person declined in the wallet' },
  wallet_failed: { kind: 'denied', wire: 'access_denied', message: 'the wallet could not answer' },
  other_browser: {
    kind: 'denied',
    wire: 'access_denied',
    message: 'the sign-in was begun in another browser',
  },
  not_answered: { kind: 'conflict', wire: 'invalid_request', message: 'the request is not answered yet' },
} as const satisfies Parameters<typeof errorsOf>[0];

export const fail = errorsOf(verifierErrors);

export type VerifierErrorCode = keyof typeof verifierErrors;

export const isVerifierErrorCode = (code: string): code is VerifierErrorCode =>
  Object.hasOwn(verifierErrors, code);

/** The error of a recorded refusal, to show it as if it had just been thrown. */
export const refusedAs = (code: VerifierErrorCode): AppError<VerifierErrorCode> => fail(code);
