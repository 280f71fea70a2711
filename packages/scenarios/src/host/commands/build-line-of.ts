import { type Bytes, fromHex, type JsonValue } from '@attestel/core';
import { MAX_VALIDITY_SECONDS, type Operation } from '@attestel/ledger';
import { buildLine, type LineRequest, type Rule, tokenOf } from '@attestel/registry';
import { fail } from '../../errors.ts';
import type { Module } from '../../module/module.ts';
import { type LineAuthor, lineAuthor } from '../blind/line-author.ts';
import type { HostParts } from '../host-parts.ts';
import { refOfObject } from '../ledger-view.ts';
import { commitmentOf } from '../payload/commitment-of.ts';
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
  const relations = relationsOf(objects, payload);
  const author = lineAuthor(parts, module, { channel, relations });
  const byKey = (rule: Rule): Rule => (module.blind ? relationRule(author) : rule);
  const heads = [
    ...objects.map((object) =>
      headOf(module, object, { state: states.get(object.id), party: payload.party }),
    ),
    ...payload.issued.map(({ id }) => issueHead(id, heldBy(module, objects, states, payload.party))),
    ...payload.revoked.map(({ id, prevHead }) => ({
      ref: refOfObject(CREDENTIAL_OBJECTS, id),
      prevHead: fromHex(prevHead),
      rule: null,
    })),
  ];
  if (heads.length > MAX_HEADS) throw fail('too_many_heads');
  return buildLine({
    network: parts.ledger.network,
    channel,
    notAfter: payload.at + Math.min(VALIDITY_SECONDS, MAX_VALIDITY_SECONDS),
    ...author,
    heads: heads.map((head) => ({ ...head, rule: head.rule ? byKey(head.rule) : null })),
    ...tokensOf(parts, module, channel, payload),
    moduleDigest: module.blind ? null : fromHex(payload.module),
    digest: commitmentOf(kept),
    batch: payload.batch ? { size: payload.batch.size, root: fromHex(payload.batch.root) } : null,
  });
}

/** Seeds of the keys that the objects of a blind line move by. */
const relationsOf = (objects: readonly LoadedObject[], { relation }: Payload): readonly string[] => [
  ...new Set(objects.flatMap(({ row }) => (row ? row.relation : relation) ?? [])),
];

/** Whoever has the key: it is in the payloads. The first signer stands for the channel. */
const relationRule = ({ signers }: LineAuthor): Rule => ({
  threshold: 1,
  resolution: 1,
  dids: [],
  keys: signers.slice(1, 2).map(({ publicKey }) => publicKey),
  roles: [],
});

type Head = LineRequest['heads'][number];

function headOf(
  module: Module,
  { ref, row, onLedger }: LoadedObject,
  { state, party }: { state: JsonValue | undefined; party: string },
): Head {
  const movers = state === undefined ? [] : module.movers(state);
  if (onLedger && module.blind) return { ref, prevHead: onLedger.line, rule: null };
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
export function tokensOf(
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
