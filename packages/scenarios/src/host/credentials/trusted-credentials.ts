import { canonicalizeJson, isAppError, type JsonValue } from '@attestel/core';
import { MAIN_CHANNEL } from '@attestel/registry';
import type { Trust } from '../../module/module.ts';
import { validatorOf } from '../../module/schemas.ts';
import type { CredentialTypes, Held } from '../ports.ts';
import type { CredentialLife } from './lines-of-credential.ts';
import type { Proven } from './prove-credential.ts';

/** What trust is decided by, beside the credentials themselves. */
export interface TrustSources {
  /** Whether the organisation counts at all: not suspended by the consortium, nor gone from it. */
  mayCount(did: string): boolean;
  /** A governor of the channel or of one above it; in `main`, an active member. */
  governs(channel: string, did: string): boolean;
  /** Name of the module whose line began the credential; undefined where this node cannot tell. */
  moduleOf(life: CredentialLife): string | undefined;
}

export interface TrustRequest {
  readonly channel: string;
  readonly types: CredentialTypes;
  /** All that are proven: a right to issue may rest on another one of them. */
  readonly proven: readonly Proven[];
}

/** Rights on which rights rest, at most. */
const MAX_CHAIN = 4;

/**
 * Those whose issuer may say so, as the type declares, and whose claims follow the type's schema. In the order given.
 */
export function trustedOf(sources: TrustSources, request: TrustRequest): readonly Held[] {
  return request.proven.flatMap((proven) => {
    const chain = chainOf(sources, request, proven, []);
    if (!chain) return [];
    const { type, subject, issuer, claims } = proven.vc;
    const support = [...new Set(chain)].filter((jwt) => jwt !== proven.jwt);
    return [{ jwt: proven.jwt, type, subject, issuer, claims, support }];
  });
}

/** The credentials that its trust rests on; undefined where it is not trusted. */
function chainOf(
  sources: TrustSources,
  request: TrustRequest,
  proven: Proven,
  above: readonly Proven[],
): readonly string[] | undefined {
  const { type, claims, issuer } = proven.vc;
  const declared = Object.hasOwn(request.types, type) ? request.types[type] : undefined;
  if (!declared || above.includes(proven) || above.length >= MAX_CHAIN) return undefined;
  if (!sources.mayCount(issuer) || !follows(claims, declared.schema)) return undefined;
  const { trust } = declared;
  if (trust.by !== 'holder') return isTrusted(sources, request.channel, proven, trust) ? [] : undefined;
  for (const right of request.proven) {
    if (!givesRight(right, proven, trust)) continue;
    const chain = chainOf(sources, request, right, [...above, proven]);
    if (chain) return [right.jwt, ...chain];
  }
  return undefined;
}

function isTrusted(
  sources: TrustSources,
  channel: string,
  proven: Proven,
  trust: Exclude<Trust, { by: 'holder' }>,
): boolean {
  const { vc } = proven;
  if (trust.by === 'governor') {
    // All members govern `main`, so there none of them vouches for itself.
    return sources.governs(channel, vc.issuer) && (channel !== MAIN_CHANNEL || vc.issuer !== vc.subject);
  }
  if (trust.by === 'claim')
    return Object.hasOwn(vc.claims, trust.claim) && vc.claims[trust.claim] === vc.issuer;
  return sources.moduleOf(proven.life) === trust.module;
}

/** Whether one credential lets its subject issue the other. */
export const givesRight = (
  right: Pick<Proven, 'vc'>,
  given: Pick<Proven, 'vc'>,
  { of, same }: Extract<Trust, { by: 'holder' }>,
): boolean =>
  right.vc.type === of &&
  right.vc.subject === given.vc.issuer &&
  same.every((claim) => equal(right.vc.claims[claim], given.vc.claims[claim]));

const equal = (a: JsonValue | undefined, b: JsonValue | undefined): boolean =>
  a !== undefined && b !== undefined && canonicalizeJson(a) === canonicalizeJson(b);

function follows(claims: Proven['vc']['claims'], schema: Parameters<typeof validatorOf>[0]): boolean {
  try {
    validatorOf(schema)(claims);
    return true;
  } catch (error) {
    if (isAppError(error)) return false;
    throw error;
  }
}
