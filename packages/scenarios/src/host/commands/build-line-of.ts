import { type Bytes, fromHex, type JsonValue } from '@attestel/core';
import { MAX_VALIDITY_SECONDS, type Operation } from '@attestel/ledger';
import { buildLine, digestOf, type LineRequest, type Rule, tokenOf } from '@attestel/registry';
import { fail } from '../../errors.ts';
import type { Module } from '../../module/module.ts';
import type { HostParts } from '../host-parts.ts';
import { refOfObject } from '../ledger-view.ts';
import type { Kept, Payload } from '../payload/payload.schema.ts';
import { CREDENTIAL_OBJECTS } from './build-payload.ts';
import type { Decided } from './decide.ts';
import type { LoadedObject } from './load-objects.ts';
import { nextRule, ruleOf } from './rule-of.ts';

/** Heads of one line, at most. */
const MAX_HEADS = 16;
/** A command that the ledger has not taken by then is off; receivers allow as much between decision and line. */
export const VALIDITY_SECONDS = 600;

export interface LineParts {
  readonly module: Module;
  readonly channel: string;
  readonly kept: Kept;
  readonly objects: readonly LoadedObject[];
  readonly states: Decided['states'];
}

/** Builds and signs the line that commits to a payload. @throws AppError too_many_heads, channel_key_missing */
export async function buildLineOf(parts: HostParts, from: LineParts): Promise<Operation> {
  const { module, channel, kept, objects, states } = from;
  const { payload } = kept;
  const heads = [
    ...objects.map((object) =>
      headOf(module, object, { state: states.get(object.id), party: payload.party }),
    ),
    ...payload.issued.map(({ id }) => issueHead(id, heldBy(module, objects, states, payload.party))),
    ...payload.revoked.map(({ id, prevHead }) => ({
      ref: refOfObject(CREDENTIAL_OBJECTS, id),
      prevHead: fromHex(prevHead),
    })),
  ];
  if (heads.length > MAX_HEADS) throw fail('too_many_heads');
  return buildLine({
    network: parts.ledger.network,
    channel,
    actor: payload.party,
    notAfter: payload.at + Math.min(VALIDITY_SECONDS, MAX_VALIDITY_SECONDS),
    signers: parts.party.signers,
    heads,
    ...tokensOf(parts, module, channel, payload),
    moduleDigest: fromHex(payload.module),
    digest: digestOf(payload as unknown as JsonValue, fromHex(kept.salt)),
    batch: payload.batch ? { size: payload.batch.size, root: fromHex(payload.batch.root) } : null,
  });
}

type Head = LineRequest['heads'][number];

function headOf(
  module: Module,
  { ref, row, onLedger }: LoadedObject,
  { state, party }: { state: JsonValue | undefined; party: string },
): Head {
  const movers = state === undefined ? [] : module.movers(state);
  const rule = onLedger ? nextRule(onLedger.rule, movers, party) : ruleOf(movers, party);
  return { ref, prevHead: row ? fromHex(row.head) : null, rule };
}

const issueHead = (id: string, rule: Rule): Head => ({
  ref: refOfObject(CREDENTIAL_OBJECTS, id),
  prevHead: null,
  rule,
});

/** Who may revoke: whoever moves one of the objects by then, and governors, if all of those are gone. */
function heldBy(
  module: Module,
  objects: readonly LoadedObject[],
  states: Decided['states'],
  party: string,
): Rule {
  const movers = objects.flatMap(({ id }) => {
    const state = states.get(id);
    return state === undefined ? [] : module.movers(state);
  });
  const rule = ruleOf(movers, party);
  return { ...rule, roles: [...rule.roles, 'governor'] };
}

/** Tokens of the keys that the events name; each once, however many events name it. */
function tokensOf(
  parts: HostParts,
  { name }: Module,
  channel: string,
  { events }: Payload,
): Pick<LineRequest, 'unique' | 'hold' | 'release'> {
  const keysOf = (kind: 'unique' | 'hold' | 'release'): readonly string[] => [
    ...new Set(events.flatMap((event) => event[kind] ?? [])),
  ];
  const [unique, hold, release] = [keysOf('unique'), keysOf('hold'), keysOf('release')];
  if (unique.length + hold.length + release.length === 0) return {};
  const channelKey = parts.channelKeys.find(channel);
  if (!channelKey) throw fail('channel_key_missing');
  const tokens = (keys: readonly string[]): readonly Bytes[] =>
    keys.map((key) => tokenOf(channelKey, name, key));
  return { unique: tokens(unique), hold: tokens(hold), release: tokens(release) };
}
