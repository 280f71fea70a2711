import { canonicalizeJson, type JsonValue } from '@attestel/core';
import { fail } from '../../errors.ts';
import type { Command, Context, JsonObject, Module } from '../../module/module.ts';
import { AGENT, BUILT_IN_TYPES } from '../credentials/built-in-types.ts';
import type { CredentialTypes, Held } from '../ports.ts';

/** Types of credentials that count in commands of a module. */
export const credentialTypesOf = (module: Module): CredentialTypes => ({
  ...BUILT_IN_TYPES,
  ...module.credentials,
});

export interface Standing {
  readonly channel: string;
  readonly party: string;
  readonly actor: string;
  readonly held: readonly Held[];
}

/** What somebody may show, and which of it was looked at. */
export interface Holding {
  holds: Context['holds'];
  /** In the order in which they were given, each with those that its issuer's right rests on. */
  used(): readonly string[];
}

/**
 * Whose credentials count: the party's for the party and its agents; a person or device that acts by a delegation
 * shows its own. @throws AppError permission_denied where it may not act for the party at all
 */
export function standingOf(module: Module, command: Command, standing: Standing): Holding {
  const { party, actor, held } = standing;
  const used = new Set<Held>();
  const take = (found: Held | undefined): Held | undefined => {
    if (found) used.add(found);
    return found;
  };
  const subjects = [actor];
  if (actor !== party) {
    const agency = take(held.find((one) => isAgency(one, standing, module.name)));
    if (agency) subjects.push(party);
    else if (!take(held.find((one) => isDelegation(one, standing, command.delegates ?? []))))
      throw fail('permission_denied', { extra: { actor } });
  }
  return {
    holds: (type, match) =>
      take(held.find((one) => one.type === type && subjects.includes(one.subject) && fits(one.claims, match)))
        ?.claims,
    used: () => [...new Set(held.flatMap((one) => (used.has(one) ? [one.jwt, ...(one.support ?? [])] : [])))],
  };
}

function isAgency({ type, subject, claims }: Held, { actor, party }: Standing, module: string): boolean {
  const { principal, modules } = claims;
  return (
    type === AGENT &&
    subject === actor &&
    principal === party &&
    Array.isArray(modules) &&
    modules.includes(module)
  );
}

const isDelegation = (
  { type, subject, issuer, claims }: Held,
  { actor, party }: Standing,
  delegates: readonly string[],
): boolean =>
  delegates.includes(type) &&
  subject === actor &&
  (issuer === party || Object.values(claims).includes(party));

/** Whether claims have every member of `match`, equal as JSON. */
export function fits(claims: JsonObject, match: JsonObject = {}): boolean {
  return Object.entries(match).every(
    ([name, value]) => Object.hasOwn(claims, name) && same(claims[name] as JsonValue, value),
  );
}

const same = (a: JsonValue, b: JsonValue): boolean => canonicalizeJson(a) === canonicalizeJson(b);
