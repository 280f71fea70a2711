import { type Bytes, equalBytes, toHex } from '@attestel/core';
import type { Rule } from '@attestel/registry';
import type { HostLedger } from '../host-parts.ts';
import type { LedgerView } from '../ledger-view.ts';
import { loggedLine } from '../logged-line.ts';

/**
 * Rule of an object just before its line of that number (from 2), as the log says: the state has the present one alone.
 * Undefined where this node does not have the lines: it began with a snapshot.
 */
export type RuleBefore = (channel: string, ref: Bytes, number: number) => Rule | undefined;

/** Objects of which it is remembered how far it looked. */
const MAX_REMEMBERED = 10_000;

interface Known {
  /** The rule is that after the line of this number. */
  readonly number: number;
  readonly rule: Rule | undefined;
}

/** Lines are checked in their order, so each is looked at about once. */
export function createRuleHistory(
  ledger: Pick<HostLedger, 'indexOf' | 'entries'>,
  view: Pick<LedgerView, 'lineAt'>,
): RuleBefore {
  const remembered = new Map<string, Known>();
  /** Rule that a line put; null where it put none; undefined where the line is not here. */
  const put = (channel: string, ref: Bytes, number: number): Rule | null | undefined => {
    const line = view.lineAt(channel, ref, number);
    const heads = line === undefined ? undefined : loggedLine(ledger, line)?.body.heads;
    return heads?.find((head) => equalBytes(head.ref, ref))?.rule;
  };
  return (channel, ref, number) => {
    const name = `${channel}|${toHex(ref)}`;
    const known = remembered.get(name);
    let [at, rule] = known && known.number < number ? [known.number, known.rule] : [0, undefined];
    for (at += 1; at < number; at += 1) {
      const next = put(channel, ref, at);
      if (next !== null) rule = next;
    }
    remembered.delete(name);
    remembered.set(name, { number: number - 1, rule });
    if (remembered.size > MAX_REMEMBERED) remembered.delete(remembered.keys().next().value as string);
    return rule;
  };
}
