import { type Bytes, equalBytes, toHex } from '@attestel/core';
import type { Rule } from '@attestel/registry';
import type { HostLedger } from '../host-parts.ts';
import type { LedgerView } from '../ledger-view.ts';
import { loggedLine } from '../logged-line.ts';

/**
 * Rule of an object just before its line of that number (from 1), as the log says: the state has the present one alone.
 * Undefined for the first line.
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
  const after = (channel: string, ref: Bytes, number: number): Rule | undefined => {
    const line = view.lineAt(channel, ref, number);
    const heads = line === undefined ? [] : (loggedLine(ledger, line)?.body.heads ?? []);
    return heads.find((head) => equalBytes(head.ref, ref))?.rule ?? undefined;
  };
  return (channel, ref, number) => {
    const name = `${channel}|${toHex(ref)}`;
    const known = remembered.get(name);
    let [at, rule] = known && known.number < number ? [known.number, known.rule] : [0, undefined];
    for (at += 1; at < number; at += 1) rule = after(channel, ref, at) ?? rule;
    remembered.delete(name);
    remembered.set(name, { number: number - 1, rule });
    if (remembered.size > MAX_REMEMBERED) remembered.delete(remembered.keys().next().value as string);
    return rule;
  };
}
