import { type Bytes, fromHex } from '@attestel/core';
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
import { rulesOfLine } from './rule-of.ts';

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
  const before = (id: string): Rule | undefined => objects.find((one) => one.id === id)?.onLedger?.rule;
  const rules = module.blind ? blindRules(payload, author) : rulesOfLine({ module, payload, states, before });
  const heads: readonly Omit<Head, 'rule'>[] = [
    ...objects.map(({ ref, row }) => ({ ref, prevHead: row ? fromHex(row.head) : null })),
    ...payload.issued.map(({ id }) => ({ ref: refOfObject(CREDENTIAL_OBJECTS, id), prevHead: null })),
    ...payload.revoked.map(({ id, prevHead }) => ({
      ref: refOfObject(CREDENTIAL_OBJECTS, id),
      prevHead: fromHex(prevHead),
    })),
  ];
  if (heads.length > MAX_HEADS) throw fail('too_many_heads');
  return buildLine({
    network: parts.ledger.network,
    channel,
    notAfter: payload.at + Math.min(VALIDITY_SECONDS, MAX_VALIDITY_SECONDS),
    ...author,
    heads: heads.map((head, i) => ({ ...head, rule: rules[i] ?? null })),
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

type Head = LineRequest['heads'][number];

/** Whoever has the key: it is in the payloads. */
export const relationRule = (publicKey: Bytes): Rule => ({
  threshold: 1,
  resolution: 1,
  dids: [],
  keys: [publicKey],
  roles: [],
});

/** Heads that a blind line begins move by the relation's key; the first signer stands for the channel. */
function blindRules({ objects, issued }: Payload, { signers }: LineAuthor): readonly (Rule | null)[] {
  const [, relation] = signers;
  if (!relation) throw new TypeError('host: a blind line without a relation');
  const rule = relationRule(relation.publicKey);
  return [...objects.map(({ prevHead }) => (prevHead === null ? rule : null)), ...issued.map(() => rule)];
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
