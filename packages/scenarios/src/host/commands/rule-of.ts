import { compareBytes, utf8 } from '@attestel/core';
import type { Rule } from '@attestel/registry';

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
