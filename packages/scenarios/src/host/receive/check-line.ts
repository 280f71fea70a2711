import { type CborValue, encodeCbor, type JsonValue, toHex } from '@attestel/core';
import type { Rule } from '@attestel/registry';
import type { Module } from '../../module/module.ts';
import { relationSigner } from '../blind/relation-signer.ts';
import { relationRule, tokensOf } from '../commands/build-line-of.ts';
import { rulesOfLine } from '../commands/rule-of.ts';
import type { HostParts } from '../host-parts.ts';
import type { LineBody } from '../logged-line.ts';
import type { Payload } from '../payload/payload.schema.ts';

export interface LineToCheck {
  readonly channel: string;
  readonly module: Module;
  readonly payload: Payload;
  readonly body: LineBody;
  /** Blind: seed of the key that the first of its objects moves by, hex. */
  readonly relation: string | undefined;
  /** After the line, by id; of objects that this party does not follow none is there. */
  readonly states: ReadonlyMap<string, JsonValue>;
  /** Rule of an object just before the line; undefined: the line begins it. */
  readonly before: (id: string) => Rule | 'unknown' | undefined;
}

/**
 * What a line does that its payload does not say, by names: takes away somebody's say by another rule, takes or frees
 * other tokens than those of the events. None where it fits.
 */
export function lineFaults(parts: HostParts, line: LineToCheck): readonly string[] {
  return [
    ...(rulesFit(line) ? [] : ['rules']),
    ...(tokensFit(parts, line) ? [] : ['tokens']),
    ...(line.body.shared === null ? [] : ['shared']),
  ];
}

function rulesFit({ module, payload, body, relation, states, before }: LineToCheck): boolean {
  const byKey = relation === undefined ? undefined : relationRule(relationSigner(relation).publicKey);
  const rules = module.blind
    ? body.heads.map(({ prevHead }) => (prevHead === null ? byKey : null))
    : rulesOfLine({ module, payload, states, before });
  return body.heads.every(({ rule }, i) => rules[i] === undefined || canonical(rule) === canonical(rules[i]));
}

/** Who may not have the key of the channel can count them. */
function tokensFit(parts: HostParts, { channel, module, payload, body }: LineToCheck): boolean {
  const { unique, hold, release } = body;
  const named = (['unique', 'hold', 'release'] as const).map(
    (list) => new Set(payload.events.flatMap((event) => event[list] ?? [])).size,
  );
  if (canonical(named) !== canonical([unique.length, hold.length, release.length])) return false;
  if (named.every((count) => count === 0)) return true;
  if (!parts.view.channelKey(channel)) return false;
  if (!parts.channelKeys.find(channel)) return true;
  const own = tokensOf(parts, module, channel, payload);
  return (
    canonical([unique, hold, release]) === canonical([own.unique ?? [], own.hold ?? [], own.release ?? []])
  );
}

const canonical = (value: unknown): string => toHex(encodeCbor(value as CborValue));
