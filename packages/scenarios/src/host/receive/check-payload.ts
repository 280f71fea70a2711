import { canonicalizeJson, isAppError, type JsonValue } from '@attestel/core';
import type { Line } from '@attestel/registry';
import type { Grant, Module, ObjectName } from '../../module/module.ts';
import { commandOf } from '../../module/run-command.ts';
import { revokedBy } from '../commands/build-payload.ts';
import { type Decided, type Deciding, decide } from '../commands/decide.ts';
import { foldEvents } from '../commands/fold-events.ts';
import { type LoadedObject, loadObject, readOf, type SeenObject } from '../commands/load-objects.ts';
import { statesOf } from '../commands/run-contract-command.ts';
import { credentialTypesOf } from '../commands/standing.ts';
import type { HostParts } from '../host-parts.ts';
import { type LineBody, loggedLine } from '../logged-line.ts';
import { joinItems } from '../payload/batch-items.ts';
import type { Kept, Payload } from '../payload/payload.schema.ts';
import { hasGap } from '../store/object-rows.ts';
import { type LineToCheck, lineFaults } from './check-line.ts';
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
 * @param ahead body of the line, where the ledger does not have it yet
 */
export async function checkPayload(parts: HostParts, checking: Checking, ahead?: LineBody): Promise<Check> {
  const { channel, onLedger, kept, objects } = checking;
  const { payload } = kept;
  const { module } = parts.modules.find(payload.module);
  const loaded = payload.objects.map(({ id }) => loadObject(parts, channel, module.name, id));
  const author = module.blind ? onLedger.actor : null;
  const faults = [
    ...shapeFaults(payload, onLedger, { name: module.name, author }),
    ...(previousFits(payload, loaded, objects) ? [] : ['previous']),
  ];
  if (faults.length > 0) return { verdict: 'disputed', reasons: faults };
  const seen = seenBefore(parts, checking);
  if (seen === 'stale') return { verdict: 'disputed', reasons: ['reads'] };
  // A node that began with a snapshot has no bodies of the lines before.
  const body = ahead ?? loggedLine(parts.ledger, checking.line)?.body;
  const line = body && lineToCheck(parts, checking, { loaded, body, isAhead: ahead !== undefined });
  const faultsOf = (states: Decided['states']): readonly string[] =>
    line ? lineFaults(parts, { ...line, module, states }) : [];
  try {
    const isWhole = loaded.every(({ row }) => !row || !hasGap(row));
    if (seen === 'unknown' || objects.length < payload.objects.length || !isWhole) {
      return verdictOf(faultsOf(statesSaid(module, checking, loaded)), { verdict: 'unchecked' });
    }
    const deciding = await decidingOf(parts, checking, { module, loaded, seen });
    const again = decide(deciding);
    const reasons = [
      ...differences(again, payload, loaded),
      ...namesDiffer(deciding, payload),
      ...faultsOf(again.states),
    ];
    return verdictOf(reasons, line ? { verdict: 'checked', states: again.states } : { verdict: 'unchecked' });
  } catch (error) {
    // What cannot be looked up at present is nobody's fault.
    if (isAppError(error) && error.kind === 'unavailable') throw error;
    return { verdict: 'disputed', reasons: [`refused:${isAppError(error) ? error.code : 'failed'}`] };
  }
}

const verdictOf = (reasons: readonly string[], otherwise: Check): Check =>
  reasons.length > 0 ? { verdict: 'disputed', reasons } : otherwise;

function lineToCheck(
  parts: HostParts,
  { channel, kept: { payload } }: Checking,
  { loaded, body, isAhead }: { loaded: readonly LoadedObject[]; body: LineBody; isAhead: boolean },
): Omit<LineToCheck, 'module' | 'states'> {
  return {
    ...{ channel, payload, body },
    relation: loaded.flatMap(({ row }) => (row ? row.relation : payload.relation) ?? [])[0],
    before(id) {
      const { ref, row, onLedger } = loaded.find((one) => one.id === id) ?? {};
      if (!ref || !row) return undefined;
      const rule = isAhead ? onLedger?.rule : parts.ruleBefore(channel, ref, row.count + 1);
      return rule ?? 'unknown';
    },
  };
}

interface Recalled {
  readonly module: Module;
  readonly loaded: readonly LoadedObject[];
  readonly seen: readonly SeenObject[];
}

async function decidingOf(
  parts: HostParts,
  { channel, kept, line }: Checking,
  { module, loaded, seen }: Recalled,
): Promise<Deciding> {
  const { command, id, party, actor, at: time, credentials } = kept.payload;
  const types = credentialTypesOf(module);
  const moment = { index: parts.view.indexOf(line) ?? parts.ledger.head().size, time };
  const held = await parts.credentials.verify(credentials, { channel, moment, types });
  return {
    ...{ module, channel, command, id, data: joinItems(kept), party, actor, time, held },
    roles: parts.view.rolesOf(party),
    states: statesOf(loaded),
    read: readOf(seen),
  };
}

/** Tokens belong to the first object; and what a command has to look at, it cannot leave out. */
function namesDiffer(
  { module, command: name, id, data, states }: Deciding,
  payload: Payload,
): readonly string[] {
  const command = commandOf(module, name);
  const moved = [...new Set([id, ...(command.objects?.(data) ?? [])])];
  const looked = (command.reads?.({ state: states.get(id), data }) ?? []).map(nameOf);
  const pairs: readonly (readonly [string, unknown, unknown])[] = [
    ['objects', moved, payload.objects.map((one) => one.id)],
    ['reads', looked, payload.reads.map(nameOf)],
  ];
  return pairs.filter(([, own, theirs]) => canonical(own) !== canonical(theirs)).map(([what]) => what);
}

const nameOf = ({ module, id }: ObjectName): ObjectName => ({ module, id });

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

/** States of the objects that this party follows, after what the payload says happened to them. */
function statesSaid(
  module: Module,
  { kept: { payload }, objects }: Checking,
  loaded: readonly LoadedObject[],
): Decided['states'] {
  const { id, party, actor, at: time } = payload;
  const states = new Map(statesOf(loaded.filter((one) => objects.includes(one.id))));
  const events = payload.events.filter((event) => objects.includes(event.object ?? id));
  foldEvents(module, states, events as never, { id, party, actor, time });
  return states;
}
