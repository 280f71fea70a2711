import { concatBytes, fromUtf8, type StoreReader, type StoreWriter, utf8 } from '@attestel/core';
import { fail } from '../errors.ts';
import { haveSameStatuses } from '../line/copies.ts';
import { decideLine, settleLine } from '../line/decide.ts';
import type { LineEvent } from '../line/events.ts';
import type { LinePolicy, LineState } from '../line/state.ts';
import { writeStatuses } from '../status/copy-store.ts';
import { jsonTable } from '../storage/json-table.ts';
import { uint32 } from '../storage/keys.ts';
import { handleState, markHandle } from './handle-store.ts';
import { SUBSCRIPTION_ID, type Subscriber } from './subscriber.ts';

const SUBSCRIBERS = jsonTable<Subscriber>('issuer/subscribers');
/** Subscriptions with a waiting re-binding, by the time it is settled. */
const DUE = 'issuer/rebinding-due';

export interface AppliedEvent {
  readonly subscriber: Subscriber;
  /** Status lists that have other content now. */
  readonly changedLists: ReadonlySet<number>;
}

/** @throws AppError subscriber_not_found */
export function readSubscriber(reader: StoreReader, subscriptionId: string): Subscriber {
  const subscriber = findSubscriber(reader, subscriptionId);
  if (subscriber === undefined) throw fail('subscriber_not_found');
  return subscriber;
}

/** Ids come from addresses and bodies: of what can be none the store is not asked. */
export const findSubscriber = (reader: StoreReader, subscriptionId: string): Subscriber | undefined =>
  SUBSCRIPTION_ID.test(subscriptionId) ? SUBSCRIBERS.get(reader, utf8(subscriptionId)) : undefined;

export const putSubscriber = (writer: StoreWriter, subscriber: Subscriber): void =>
  SUBSCRIBERS.put(writer, utf8(subscriber.subscriptionId), subscriber);

export const allSubscribers = (reader: StoreReader): Subscriber[] =>
  [...SUBSCRIBERS.range(reader)].map(([, subscriber]) => subscriber);

/**
 * Applies one event to one line: state, handle register and the status of all its copies change in the
 * caller's transaction, so all of it or nothing is durable.
 * @throws AppError event_refused (extra.rule names the rule), handle_in_use, subscriber_not_found
 */
export function applyEvent(
  writer: StoreWriter,
  subscriptionId: string,
  event: LineEvent,
  policy: LinePolicy,
): AppliedEvent {
  const before = readSubscriber(writer, subscriptionId);
  const decision = decideLine(before.line, event, policy);
  if (!decision.ok) throw fail('event_refused', { field: 'type', extra: { rule: decision.refusal } });
  registerHandles(writer, before.line, decision.state, event);
  return store(writer, before, decision.state, event.at);
}

/** Settles what is due. @returns lists that changed */
export function settleDue(writer: StoreWriter, now: number): Set<number> {
  const changed = new Set<number>();
  for (const [key, id] of [...writer.range(DUE, { to: uint32(now + 1) })]) {
    writer.delete(DUE, key);
    const subscriber = findSubscriber(writer, fromUtf8(id));
    if (subscriber === undefined) continue;
    const line = settleLine(subscriber.line, Math.max(now, subscriber.line.changedAt));
    if (line === subscriber.line) continue;
    for (const list of store(writer, subscriber, line, now).changedLists) changed.add(list);
  }
  return changed;
}

function store(writer: StoreWriter, before: Subscriber, line: LineState, now: number): AppliedEvent {
  const subscriber = { ...before, line };
  putSubscriber(writer, subscriber);
  if (line.pending !== null) {
    const id = utf8(before.subscriptionId);
    writer.put(DUE, concatBytes(uint32(line.pending.until), id), id);
  }
  // A wallet that renews its copies changes nothing about the others, however many there are.
  if (haveSameStatuses(before.line, line)) return { subscriber, changedLists: new Set() };
  return { subscriber, changedLists: writeStatuses(writer, before.subscriptionId, line, now) };
}

/** The register spans all lines: a handle is never given out twice, and comes back only where it left. */
function registerHandles(writer: StoreWriter, before: LineState, after: LineState, event: LineEvent): void {
  if (before.handle !== null && before.handle !== after.handle) markHandle(writer, before.handle, 'ended');
  if (after.handle === null) return;
  if (after.handle !== before.handle) {
    const known = handleState(writer, after.handle);
    const returns = event.type === 'port-in' && known === 'away';
    if (known !== undefined && !returns) throw fail('handle_in_use');
  }
  markHandle(writer, after.handle, after.phase === 'ported-out' ? 'away' : 'live');
}
