import { type Clock, isAppError, unixSeconds } from '@attestel/core';
import type { Issuer, RegistryClient } from '@attestel/registry';
import { fail } from './errors.ts';
import type { OperatorView } from './types.ts';
import { unproven } from './unproven.ts';

/** Runs one question to the registry; its failure is never an answer. */
export async function askRegistry<T>(question: () => Promise<T>): Promise<T> {
  try {
    return await question();
  } catch (cause) {
    const refused = unproven(cause);
    if (refused) throw refused;
    if (isAppError(cause) && cause.kind !== 'unavailable' && cause.kind !== 'internal') throw cause;
    throw fail('registry_unavailable', { cause });
  }
}

/**
 * The accredited issuer behind a credential issuer identifier.
 * @throws issuer_not_accredited unless the registry lists it, active, for this type, now
 */
export async function accreditedIssuer(options: {
  registry: RegistryClient;
  clock: Clock;
  issuerUrl: string;
  vct: string;
}): Promise<OperatorView> {
  const now = unixSeconds(options.clock);
  const issuers = await askRegistry(() => options.registry.issuers());
  const issuer = issuers.find((candidate) => candidate.issuerUrl === options.issuerUrl);
  if (issuer === undefined || !isAccreditedFor(issuer, options.vct, now)) throw fail('issuer_not_accredited');
  return { did: issuer.did, issuerUrl: issuer.issuerUrl, name: issuer.name };
}

/** True when the accreditation is active and covers the type at the time (half-open validity). */
export const isAccreditedFor = (issuer: Issuer, vct: string, at: number): boolean =>
  issuer.status === 'active' &&
  issuer.types.some(
    (type) =>
      type.vct === vct &&
      type.validity.from <= at &&
      (type.validity.until === null || at < type.validity.until),
  );
