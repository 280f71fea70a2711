import { canonicalizeJson, isAppError, type JsonValue } from '@attestel/core';
import { type Line, tokenOf } from '@attestel/registry';
import type { Grant } from '../../module/module.ts';
import { revokedBy } from '../commands/build-payload.ts';
import { type Decided, decide } from '../commands/decide.ts';
import { type LoadedObject, loadObject, readOf } from '../commands/load-objects.ts';
import { statesOf } from '../commands/run-contract-command.ts';
import { credentialTypesOf } from '../commands/standing.ts';
import type { HostParts } from '../host-parts.ts';
import { joinItems } from '../payload/batch-items.ts';
import type { Kept, Payload } from '../payload/payload.schema.ts';
import { shapeFaults } from './check-shape.ts';
import { seenBefore } from './seen-before.ts';

export interface Checking {
  readonly channel: string;
  readonly line: string;
  readonly onLedger: Line;
  readonly kept: Kept;
  /** Ids of its objects that this party follows; each is at the line before. */
  readonly objects: readonly string[];
}

/** Reasons are names of fields and codes, never content. */
export type Check =
  | { readonly verdict: 'checked'; readonly states: Decided['states'] }
  | { readonly verdict: 'unchecked' }
  | { readonly verdict: 'disputed'; readonly reasons: readonly string[] };

/**
 * Does again what the acting party did, with the states and credentials of then, and compares. What looked at things
 * that this party does not have cannot be checked, and is taken on trust, marked so.
 * @param when `ahead`: the ledger does not have the line yet
 */
export async function checkPayload(
  parts: HostParts,
  checking: Checking,
  when: 'behind' | 'ahead' = 'behind',
): Promise<Check> {
  const { channel, onLedger, kept, objects } = checking;
  const { payload } = kept;
  const { module } = parts.modules.find(payload.module);
  const loaded = payload.objects.map(({ id }) => loadObject(parts, channel, module.name, id));
  const author = module.blind ? onLedger.actor : null;
  const faults = [
    ...shapeFaults(payload, onLedger, { name: module.name, author }),
    ...(previousFits(payload, loaded, objects) ? [] : ['previous']),
    ...(when === 'ahead' || tokensFit(parts, checking, module.name) ? [] : ['tokens']),
  ];
  if (faults.length > 0) return { verdict: 'disputed', reasons: faults };
  const seen = seenBefore(parts, checking);
  if (seen === 'stale') return { verdict: 'disputed', reasons: ['reads'] };
  if (seen === 'unknown' || objects.length < payload.objects.length) return { verdict: 'unchecked' };
  const types = credentialTypesOf(module);
  const moment = { index: parts.view.indexOf(checking.line) ?? parts.ledger.head().size, time: payload.at };
  const held = await parts.credentials.verify(payload.credentials, { channel, moment, types });
  const { command, id, party, actor, at: time } = payload;
  const deciding = {
    ...{ module, channel, command, id, data: joinItems(kept), party, actor, time, held },
    roles: parts.view.rolesOf(party),
    states: statesOf(loaded),
    read: readOf(seen),
  };
  try {
    const again = decide(deciding);
    const reasons = differences(again, payload, loaded);
    if (reasons.length > 0) return { verdict: 'disputed', reasons };
    return { verdict: 'checked', states: again.states };
  } catch (error) {
    return { verdict: 'disputed', reasons: [`refused:${isAppError(error) ? error.code : 'failed'}`] };
  }
}

const previousFits = (
  { objects }: Payload,
  loaded: readonly LoadedObject[],
  own: readonly string[],
): boolean =>
  objects.every(({ id, prevHead }, i) => !own.includes(id) || (loaded[i]?.row?.head ?? null) === prevHead);

/** Where a command, done again, gives something else than its payload says: names of fields. */
export function differences(
  { events, effects }: Decided,
  payload: Payload,
  loaded: readonly Pick<LoadedObject, 'id' | 'row'>[],
): readonly string[] {
  const issued = effects.flatMap((one) => (one.kind === 'issue' ? [given(one.type, one.grant)] : []));
  const said = payload.issued.map(({ type, ...grant }) => given(type, grant));
  const pairs: readonly (readonly [string, unknown, unknown])[] = [
    ['events', events, payload.events],
    ['issued', issued, said],
    ['revoked', revokedBy(effects, loaded), payload.revoked],
  ];
  return pairs.filter(([, own, theirs]) => canonical(own) !== canonical(theirs)).map(([name]) => name);
}

const given = (type: string, { subject, claims, until }: Grant) => ({ type, subject, claims, until });

const canonical = (value: unknown): string => canonicalizeJson(value as JsonValue);

/** What the events call unique was taken by this line and no other. */
function tokensFit(parts: HostParts, checking: Checking, module: string): boolean {
  const { channel, line, kept } = checking;
  const key = parts.channelKeys.find(channel);
  if (!key) return true;
  const unique = kept.payload.events.flatMap((event) => event.unique ?? []);
  return unique.every((one) => parts.view.tokenLine(channel, tokenOf(key, module, one)) === line);
}
