import { type AppError, type Bytes, type ErrorKind, isAppError } from '@attestel/core';
import { der } from '@attestel/x509';

/** PKIFailureInfo by bit (RFC 9810 §5.2.3). */
const FAILURES = [
  'badAlg',
  'badMessageCheck',
  'badRequest',
  'badTime',
  'badCertId',
  'badDataFormat',
  'wrongAuthority',
  'incorrectData',
  'missingTimeStamp',
  'badPOP',
  'certRevoked',
  'certConfirmed',
  'wrongIntegrity',
  'badRecipientNonce',
  'timeNotAvailable',
  'unacceptedPolicy',
  'unacceptedExtension',
  'addInfoNotAvailable',
  'badSenderNonce',
  'badCertTemplate',
  'signerNotTrusted',
  'transactionIdInUse',
  'unsupportedVersion',
  'notAuthorized',
  'systemUnavail',
  'systemFailure',
  'duplicateCertReq',
] as const;
export type CmpFailure = (typeof FAILURES)[number];

/** What an error means where nobody gave it a place among CMP's own. */
const BY_KIND: Record<ErrorKind, CmpFailure> = {
  'bad-input': 'badDataFormat',
  unauthenticated: 'notAuthorized',
  denied: 'notAuthorized',
  conflict: 'duplicateCertReq',
  gone: 'badRequest',
  'not-found': 'badCertId',
  'too-large': 'badRequest',
  'too-many': 'systemUnavail',
  unsupported: 'badRequest',
  'proof-failed': 'badPOP',
  unavailable: 'systemUnavail',
  internal: 'systemFailure',
};

/** Rules of @attestel/x509: about paths and certificates of signers, about keys and algorithms of either. */
const BY_PREFIX: Readonly<Record<string, CmpFailure>> = {
  path: 'signerNotTrusted',
  certificate: 'signerNotTrusted',
  algorithm: 'badAlg',
  key: 'badAlg',
};

const isFailure = (text: string | undefined): text is CmpFailure =>
  (FAILURES as readonly (string | undefined)[]).includes(text);

export function failureOf(error: unknown): { readonly failure: CmpFailure; readonly text: string } {
  if (!isAppError(error)) return { failure: 'systemFailure', text: 'internal error' };
  return { failure: failureName(error), text: error.message };
}

function failureName({ wire, code, kind }: AppError): CmpFailure {
  if (isFailure(wire)) return wire;
  return BY_PREFIX[code.slice(0, code.indexOf('_'))] ?? BY_KIND[kind];
}

const REJECTION = 2;

/** PKIStatusInfo of an acceptance (RFC 9810 §5.2.3). */
export const ACCEPTED: Bytes = der.sequence(der.integer(0));

/** The same, of another certificate than was asked for: the device looks at what it got. */
export const GRANTED_WITH_MODS: Bytes = der.sequence(der.integer(1));

/** PKIStatusInfo of a refusal: the rule in words, and its bit. */
export const rejection = (failure: CmpFailure, text: string): Bytes =>
  der.sequence(
    der.integer(REJECTION),
    der.sequence(der.utf8String(text)),
    der.namedBits([FAILURES.indexOf(failure)]),
  );
