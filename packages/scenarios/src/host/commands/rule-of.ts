import { compareBytes, type JsonValue, utf8 } from '@attestel/core';
import type { Rule } from '@attestel/registry';
import type { Module } from '../../module/module.ts';
import type { Payload } from '../payload/payload.schema.ts';

/** DIDs that a rule names, at most. */
const MAX_DIDS = 16;

/**
 * Whoever may move an object, any of them; two where a dispute is to be settled or the rule replaced. More than a rule
 * can name: every writer of the channel, for ever.
 */
export function ruleOf(movers: readonly string[], party: string): Rule {
  const dids = sorted([...movers, party]);
  if (dids.length > MAX_DIDS) return { threshold: 1, resolution: 1, dids: [], keys: [], roles: ['writer'] };
  return { threshold: 1, resolution: Math.min(2, dids.length), dids, keys: [], roles: [] };
}

/** Distinct, ordered by their bytes. */
export const sorted = (texts: readonly string[]): readonly string[] =>
  [...new Set(texts)].sort((a, b) => compareBytes(utf8(a), utf8(b)));

/**
 * The rule that a line puts in the place of the one in force: none while that one lets everybody move the object who
 * should. Who no longer should is refused by the module, and disputed.
 */
export function nextRule(before: Rule, movers: readonly string[], party: string): Rule | null {
  if (before.roles.includes('writer')) return null;
  const next = ruleOf(movers, party);
  const covers = next.roles.length === 0 && next.dids.every((did) => before.dids.includes(did));
  return covers ? null : next;
}

export interface RulesOfLine {
  readonly module: Module;
  readonly payload: Pick<Payload, 'objects' | 'issued' | 'revoked' | 'party'>;
  /** After the line, by id. */
  readonly states: ReadonlyMap<string, JsonValue>;
  /** Rule of an object just before the line; undefined: the line begins it. */
  readonly before: (id: string) => Rule | 'unknown' | undefined;
}

/**
 * Rules that a line puts on its heads, in their order: objects, issued, revoked credentials. Null: the one in force
 * stays; undefined: who cannot see an object, or its past, cannot tell. Whoever may move one of the objects, and governors, may revoke.
 */
export function rulesOfLine({
  module,
  payload,
  states,
  before,
}: RulesOfLine): readonly (Rule | null | undefined)[] {
  const { objects, issued, revoked, party } = payload;
  const movers = objects.map(({ id }) => {
    const state = states.get(id);
    return state === undefined ? undefined : module.movers(state);
  });
  const rules = objects.map(({ id }, i) => {
    const now = movers[i];
    if (now === undefined) return undefined;
    const known = before(id);
    if (known === 'unknown') return undefined;
    return known ? nextRule(known, now, party) : ruleOf(now, party);
  });
  const all = movers.flatMap((now) => now ?? []);
  const held = ruleOf(all, party);
  const given = movers.includes(undefined)
    ? undefined
    : { ...held, roles: [...held.roles, 'governor' as const] };
  return [...rules, ...issued.map(() => given), ...revoked.map(() => null)];
}
