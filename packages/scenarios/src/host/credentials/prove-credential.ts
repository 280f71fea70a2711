import { type Clock, isAppError, sha256, toHex, unixSeconds, utf8 } from '@attestel/core';
import { type ParsedVc, parseVc, type Vc, vcKeysOf, verifyVc } from '@attestel/credentials';
import type { DidResolver } from '@attestel/did';
import { isChannelName, MAIN_CHANNEL, parentOf } from '@attestel/registry';
import { fail } from '../../errors.ts';
import type { Moment } from '../ports.ts';
import type { CredentialLife, FindLife } from './lines-of-credential.ts';

/** A credential that its issuer signed and the ledger carries; whether the issuer may say so is another question. */
export interface Proven {
  readonly jwt: string;
  readonly vc: Vc;
  readonly life: CredentialLife;
}

export interface ProveSources {
  readonly resolver: DidResolver;
  readonly findLife: FindLife;
  readonly clock: Clock;
}

/** Where a payload is judged: its channel, and the place of its line. */
export interface Place {
  readonly channel: string;
  readonly moment: Moment;
}

const KEPT = 4_096;

/** Proves one credential at one place; undefined where it does not count there. */
export type ProveCredential = (jwt: string, place: Place) => Promise<Proven | undefined>;

/**
 * Form, validity at block time, one line on its object before that place, and the signature by a key that the issuer
 * had when the ledger took that line. A signature that verified once is remembered: nothing about it can change.
 * @throws (from the function it returns) AppError credential_unverifiable: this node cannot tell at present
 */
export function createProver({ resolver, findLife, clock }: ProveSources): ProveCredential {
  const signed = new Set<string>();
  const findKey = (life: CredentialLife) =>
    // A resolver knows nothing of a future that is only a clock running behind the ledger.
    vcKeysOf(answering(resolver), Math.min(life.time, unixSeconds(clock)));
  return async (jwt, place) => {
    const parsed = tryParseVc(jwt);
    const life = parsed && lifeAt(findLife, parsed, place);
    if (!life) return undefined;
    const { vc } = parsed;
    const { time } = place.moment;
    if (time < vc.validFrom || (vc.validUntil !== null && time >= vc.validUntil)) return undefined;
    const name = toHex(sha256(utf8(jwt)));
    if (!signed.has(name)) {
      if (!(await isSigned(parsed, findKey(life), time))) return undefined;
      if (signed.size >= KEPT) signed.delete(signed.keys().next().value as string);
      signed.add(name);
    }
    return { jwt, vc, life };
  };
}

/** Undefined: no `vc+jwt` as it should be. */
export function tryParseVc(jwt: string): ParsedVc | undefined {
  try {
    return parseVc(jwt);
  } catch (error) {
    if (isAppError(error)) return undefined;
    throw error;
  }
}

/** The ledger's word: begun in the channel or above it, by its issuer, before the place, and not ended before it. */
function lifeAt(
  findLife: FindLife,
  { vc }: ParsedVc,
  { channel, moment }: Place,
): CredentialLife | undefined {
  const { status, issuer } = vc;
  if (!status || !reaches(status.channel, channel)) return undefined;
  const life = findLife(status.channel, status.ref);
  if (!life || life.begins >= moment.index) return undefined;
  if (life.ends !== undefined && life.ends < moment.index) return undefined;
  // Lines of blind modules are written under a name that all members share.
  return life.moduleDigest === null || life.actor === issuer ? life : undefined;
}

/** What is given in a channel counts in those below it. */
function reaches(given: string, channel: string): boolean {
  if (given === channel || given === MAIN_CHANNEL) return true;
  return isChannelName(channel) && channel !== MAIN_CHANNEL && reaches(given, parentOf(channel));
}

async function isSigned(vc: ParsedVc, findKey: ReturnType<typeof vcKeysOf>, at: number): Promise<boolean> {
  try {
    await verifyVc({ vc, findKey, at });
    return true;
  } catch (error) {
    // What this node cannot tell now must not look like a fault of the credential.
    if (isAppError(error) && error.kind !== 'unavailable') return false;
    throw error;
  }
}

const answering = (resolver: DidResolver): DidResolver => ({
  async resolve(did, options) {
    const resolution = await resolver.resolve(did, options);
    if (resolution.didResolutionMetadata.error === 'INTERNAL_ERROR') throw fail('credential_unverifiable');
    return resolution;
  },
});
