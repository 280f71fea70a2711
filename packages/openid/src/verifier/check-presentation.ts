import { hash } from 'node:crypto';
import { isAppError, unixSeconds } from '@attestel/core';
import {
  parseDisclosedPhoneNumberClaims,
  type VerifiedCredential,
  verifyPresentation,
} from '@attestel/credentials';
import { fail, type VerifierErrorCode } from './errors.ts';
import type { Flow } from './flow.ts';
import { readPortings } from './porting.ts';
import { assertSatisfies, HANDLE, PORTING, phoneQuery, WARNINGS } from './query.ts';
import type { Presentation, VerifierOptions } from './types.ts';

/** HAIP 1.0 asks for freshness; a minute covers clocks and the walk from signing to arrival. */
const KEY_BINDING_MAX_AGE_SECONDS = 60;

export type CheckOptions = Pick<
  VerifierOptions,
  'clientId' | 'issuerKeys' | 'resolver' | 'status' | 'registry' | 'clock'
> & { readonly vct: string };

/**
 * Every check between a presentation and a sign-in, in this order: form, signatures, key binding,
 * expiry; accreditation now; what was asked; status; form of hand-overs. Nothing is fetched from an issuer.
 */
export async function checkPresentation(
  presentation: string,
  flow: Pick<Flow, 'nonce' | 'claims' | 'mode'>,
  options: CheckOptions,
): Promise<Presentation> {
  const verified = await verify(presentation, flow.nonce, options);
  const now = unixSeconds(options.clock);
  if (!options.registry.isAccredited(verified.issuerDid, verified.vct, now)) {
    throw fail('issuer_not_accredited');
  }
  assertSatisfies(phoneQuery([options.vct], flow.claims), verified);
  assertStatus(verified.status, options);
  const disclosed = readClaims(verified);
  const handle = disclosed[HANDLE];
  const records = disclosed[PORTING];
  if (handle === undefined || records === undefined) throw fail('presentation_unsatisfying');
  return {
    issuerDid: verified.issuerDid,
    vct: verified.vct,
    handle,
    claims: pickAsked(disclosed, [...new Set([...flow.claims, ...WARNINGS])]),
    status: verified.status,
    portings: readPortings(records, { issuerDid: verified.issuerDid, handle }, options),
    credentialExpiresAt: verified.expiresAt,
    verifiedAt: now,
    mode: flow.mode,
    digest: hash('sha256', presentation),
  };
}

async function verify(
  presentation: string,
  nonce: string,
  options: CheckOptions,
): Promise<VerifiedCredential> {
  try {
    return await verifyPresentation({
      presentation,
      audience: options.clientId,
      nonce,
      clock: options.clock,
      issuerKeys: options.issuerKeys,
      vcts: [options.vct],
      kbMaxAgeSeconds: KEY_BINDING_MAX_AGE_SECONDS,
    });
  } catch (cause) {
    throw translate(cause);
  }
}

function readClaims(verified: VerifiedCredential) {
  try {
    return parseDisclosedPhoneNumberClaims(verified.claims);
  } catch (cause) {
    throw translate(cause);
  }
}

/** What the person should be told differently; everything else is a presentation that does not verify. */
const TOLD: Readonly<Record<string, VerifierErrorCode>> = {
  credential_expired: 'credential_expired',
  key_binding_too_old: 'clock_skew',
  key_binding_from_the_future: 'clock_skew',
  credential_from_the_future: 'clock_skew',
  credential_not_yet_valid: 'clock_skew',
  vct_not_accepted: 'presentation_unsatisfying',
};

export function translate(cause: unknown): unknown {
  if (!isAppError(cause)) return cause;
  const code = TOLD[cause.code] ?? (cause.code.startsWith('issuer_') ? 'issuer_not_accredited' : undefined);
  return fail(code ?? 'presentation_invalid', { cause, detail: cause.code });
}

function assertStatus(status: VerifiedCredential['status'], options: CheckOptions): void {
  switch (options.status.status(status.uri, status.idx)) {
    case 'valid':
      return;
    case 'suspended':
      throw fail('credential_suspended');
    case 'sim-changed':
      throw fail('credential_sim_changed');
    case 'invalid':
      throw fail('credential_revoked');
    // Fail closed: a list that is too old or unknown says nothing about this card.
    default:
      throw fail('status_unavailable');
  }
}

function pickAsked(
  claims: Readonly<Record<string, unknown>>,
  asked: readonly string[],
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    asked.filter((name) => Object.hasOwn(claims, name)).map((name) => [name, claims[name]]),
  );
}
