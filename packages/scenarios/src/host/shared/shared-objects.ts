import { type CborValue, fromHex, type JsonValue, toHex } from '@attestel/core';
import type { Ledger } from '@attestel/ledger';
import { createChannels, createEventLines, EVENT_MODULE } from '@attestel/registry';
import { jsonOf } from '../../module/json-of.ts';
import type { HostParts } from '../host-parts.ts';
import { refOfObject } from '../ledger-view.ts';
import type { ObjectName } from '../store/object-rows.ts';
import { eventOf, type SharedObject } from './module-decider.ts';

/** Whether the nodes execute the module in the channel. */
export function isShared(ledger: Pick<Ledger, 'head' | 'state'>, channel: string, digest: string): boolean {
  const found = createChannels(ledger, () => ledger.head().time).channel(channel);
  return found?.shared.some((one) => toHex(one) === digest) ?? false;
}

/** State of an object as every node has it, with what names it there. */
export function sharedObject(
  ledger: Pick<Ledger, 'state'>,
  { channel, module, id }: ObjectName,
): SharedObject | undefined {
  return createEventLines(ledger).object(channel, refOfObject(module, id)) as SharedObject | undefined;
}

/** An object that nodes decide on, as it was after one of its lines. */
export interface SharedState {
  readonly state: JsonValue;
  /** Hex. */
  readonly head: string;
  readonly lines: number;
}

type Past = Pick<HostParts, 'ledger' | 'modules' | 'view'>;

/**
 * As it is, or as it was at a time (unix seconds): its events are on the ledger, and folded anew. Undefined where there
 * is no such object, or was none by then. @throws AppError module_unknown
 */
export function sharedStateAt(parts: Past, name: ObjectName, at?: number): SharedState | undefined {
  const ref = refOfObject(name.module, name.id);
  const head = parts.view.head(name.channel, ref);
  const kept = sharedObject(parts.ledger, name);
  if (!head || !kept) return undefined;
  if (at === undefined) return { state: kept.state as JsonValue, head: toHex(head.line), lines: head.count };
  let past: SharedState | undefined;
  for (const one of statesOf(parts, name, head.count)) {
    const { time } = parts.view.line(name.channel, one.head) ?? {};
    if (time === undefined || time > at) break;
    past = one;
  }
  return past;
}

/** As it was just after one of its lines (hex). @throws AppError module_unknown */
export function sharedStateAfter(parts: Past, name: ObjectName, line: string): SharedState | undefined {
  const head = parts.view.head(name.channel, refOfObject(name.module, name.id));
  if (!head || head.shared === null) return undefined;
  for (const one of statesOf(parts, name, head.count)) if (one.head === line) return one;
  return undefined;
}

/** After each of its lines, in their order, as far as this node has their events. */
function* statesOf(parts: Past, name: ObjectName, count: number): Iterable<SharedState> {
  const ref = refOfObject(name.module, name.id);
  let state: JsonValue | undefined;
  for (let lines = 1; lines <= count; lines += 1) {
    const head = parts.view.lineAt(name.channel, ref, lines);
    state = head === undefined ? undefined : folded(parts, name, { line: head, state });
    if (head === undefined || state === undefined) return;
    yield { state, head, lines };
  }
}

/** State after a line; undefined where this node does not have what it did. */
function folded(
  { ledger, modules, view }: Past,
  { channel, id }: ObjectName,
  { line, state }: { readonly line: string; readonly state: JsonValue | undefined },
): JsonValue | undefined {
  const onLedger = view.line(channel, line);
  if (!onLedger?.moduleDigest) return undefined;
  const { actor, time } = onLedger;
  // The version that the nodes ran then.
  const { module } = modules.find(toHex(onLedger.moduleDigest));
  let after = state;
  for (const decided of createEventLines(ledger).events(channel, fromHex(line)) ?? []) {
    const event = eventOf(decided);
    if (event.object === id) after = jsonOf(module.evolve(after, { ...event, party: actor, actor, time }));
  }
  return after;
}

/** All objects of a module in a channel, as they are or were at a time (unix seconds), in the order of their ids. */
export function listSharedObjects(
  parts: Past,
  { channel, module, at }: Omit<ObjectName, 'id'> & { readonly at?: number | undefined },
): readonly { readonly id: string; readonly state: JsonValue }[] {
  const all = Array.from(parts.ledger.state(EVENT_MODULE).list(`${channel}|state|`), ([, value]) => value);
  return all
    .filter(isObject)
    .filter((one) => one.module === module)
    .flatMap(({ id, state }) => {
      if (at === undefined) return [{ id, state: state as JsonValue }];
      const past = sharedStateAt(parts, { channel, module, id }, at);
      return past ? [{ id, state: past.state }] : [];
    })
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

// Other deciders of the channel keep what they like.
const isObject = (value: CborValue): value is SharedObject =>
  typeof value === 'object' && value !== null && 'module' in value && 'id' in value && 'state' in value;
