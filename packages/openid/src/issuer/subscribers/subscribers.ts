import {
  type Clock,
  type Random,
  type Store,
  type StoreWriter,
  toBase64url,
  unixSeconds,
} from '@attestel/core';
import { fail } from '../errors.ts';
import { decideLine, settleLine } from '../line/decide.ts';
import type { LineEvent } from '../line/events.ts';
import { type LinePolicy, type LineState, orderedLine } from '../line/state.ts';
import type { Derive } from '../storage/derivation.ts';
import {
  type AppliedEvent,
  allSubscribers,
  applyEvent,
  findSubscriber,
  putSubscriber,
} from './apply-event.ts';
import { handleState, markHandle } from './handle-store.ts';
import { claimNumber, numberKey, subscriptionOfNumber } from './number-index.ts';
import { type NewSubscriber, PHONE_NUMBER, SUBSCRIPTION_ID, type Subscriber } from './subscriber.ts';

/** Events other systems of the operator may report; wallets' and ports' have their own ways in. */
export type DeskEvent = Exclude<
  LineEvent,
  { type: 'activate' | 'port-in' | 'port-out' | 'transfer' | 'recycle' | 'bind' | 'new-device' | 'veto' }
>;

/** A new person on a line, as the desk reports it. */
export interface NewHolder {
  readonly holderName: Subscriber['holderName'];
}

/** More to write in the transaction of an event, such as what answers a repetition of the request. */
export type Within = (writer: StoreWriter, subscriber: Subscriber) => void;

export interface Subscribers {
  /** Idempotent: what is there under the same id and number stays as it is. @returns how many were new */
  seed(subscribers: readonly NewSubscriber[]): Promise<number>;
  get(subscriptionId: string): Subscriber | undefined;
  findByNumber(phoneNumber: string): Promise<Subscriber | undefined>;
  list(): readonly Subscriber[];
  /** @throws AppError event_refused, subscriber_not_found */
  apply(subscriptionId: string, event: DeskEvent, within?: Within): Promise<Subscriber>;
  /** 过户: another person takes the line; new handle. */
  transfer(subscriptionId: string, holder: NewHolder, within?: Within): Promise<Subscriber>;
  /** The number of a terminated line, out of quarantine, goes to a new subscription. */
  recycle(
    subscriptionId: string,
    next: { readonly subscriptionId: string } & NewHolder,
    within?: Within,
  ): Promise<Subscriber>;
}

export interface SubscribersOptions {
  readonly store: Store;
  readonly derive: Derive;
  readonly policy: LinePolicy;
  readonly clock: Clock;
  readonly random: Random;
  /** Called after a change of statuses is durable. */
  readonly onListsChanged: (lists: ReadonlySet<number>) => void;
}

export function createSubscribers(options: SubscribersOptions): Subscribers {
  const { store, derive, clock } = options;
  const now = (): number => unixSeconds(clock);
  const current = (subscriber: Subscriber): Subscriber => ({
    ...subscriber,
    line: settleLine(subscriber.line, Math.max(now(), subscriber.line.changedAt)),
  });
  const published = (applied: AppliedEvent): Subscriber => {
    options.onListsChanged(applied.changedLists);
    return applied.subscriber;
  };
  const get = (id: string): Subscriber | undefined => {
    const found = findSubscriber(store, id);
    return found && current(found);
  };
  return {
    get,
    list: () => allSubscribers(store).map(current),
    seed: (subscribers) => addSubscribers(options, subscribers),
    async findByNumber(phoneNumber) {
      if (!PHONE_NUMBER.test(phoneNumber)) return undefined;
      const id = subscriptionOfNumber(store, await numberKey(derive, phoneNumber));
      return id === undefined ? undefined : get(id);
    },
    async apply(id, event, within) {
      return published(
        await store.transact((writer) => {
          const applied = applyEvent(writer, id, event, options.policy);
          within?.(writer, applied.subscriber);
          return applied;
        }),
      );
    },
    async transfer(id, holder, within) {
      const event = { type: 'transfer', at: now(), handle: newHandle(options.random) } as const;
      return published(
        await store.transact((writer) => {
          const applied = applyEvent(writer, id, event, options.policy);
          // Earlier ports were about the person who leaves.
          const subscriber = { ...applied.subscriber, holderName: holder.holderName, portingRecords: [] };
          putSubscriber(writer, subscriber);
          within?.(writer, subscriber);
          return { ...applied, subscriber };
        }),
      );
    },
    recycle: (id, next, within) => recycleNumber(options, id, { ...next, within }),
  };
}

/** 256 random bits. */
export const newHandle = (random: Random): string => toBase64url(random.bytes(32));

async function addSubscribers(
  options: SubscribersOptions,
  subscribers: readonly NewSubscriber[],
): Promise<number> {
  const keys = await Promise.all(subscribers.map((s) => numberKey(options.derive, s.phoneNumber)));
  return options.store.transact((writer) => {
    let added = 0;
    subscribers.forEach((subscriber, i) => {
      assertNewSubscriber(subscriber);
      const known = findSubscriber(writer, subscriber.subscriptionId);
      if (known?.phoneNumber === subscriber.phoneNumber) return;
      if (known !== undefined) throw fail('subscription_exists', { field: 'subscriptionId' });
      const key = keys[i] as Uint8Array;
      if (!claimNumber(writer, key, subscriber.subscriptionId)) {
        throw fail('number_in_use', { field: 'phoneNumber' });
      }
      const { activatedAt: at, corporate, ...rest } = subscriber;
      const handle = newHandle(options.random);
      markHandle(writer, handle, 'live');
      const event = { type: 'activate', at, handle } as const;
      const line = firstState(orderedLine(at, corporate), event, options.policy);
      putSubscriber(writer, { ...rest, line, portingRecords: [], portedTo: null });
      added++;
    });
    return added;
  });
}

function assertNewSubscriber(subscriber: NewSubscriber): void {
  if (!SUBSCRIPTION_ID.test(subscriber.subscriptionId)) throw new TypeError('subscriptionId: wrong form');
  if (!PHONE_NUMBER.test(subscriber.phoneNumber)) throw new TypeError('phoneNumber: not E.164');
}

function firstState(line: LineState, event: LineEvent, policy: LinePolicy): LineState {
  const decision = decideLine(line, event, policy);
  if (!decision.ok) throw fail('event_refused', { field: 'type', extra: { rule: decision.refusal } });
  return decision.state;
}

async function recycleNumber(
  options: SubscribersOptions,
  id: string,
  next: { subscriptionId: string; within: Within | undefined } & NewHolder,
): Promise<Subscriber> {
  const at = unixSeconds(options.clock);
  const phoneNumber = findSubscriber(options.store, id)?.phoneNumber;
  if (phoneNumber === undefined) throw fail('subscriber_not_found');
  const key = await numberKey(options.derive, phoneNumber);
  return options.store.transact((writer) => {
    applyEvent(writer, id, { type: 'recycle', at }, options.policy);
    const { subscriptionId, holderName } = next;
    const created = createWithHandle(writer, {
      policy: options.policy,
      key,
      subscriber: { subscriptionId, holderName, phoneNumber, portingRecords: [] },
      event: { type: 'activate', at, handle: newHandle(options.random) },
    });
    next.within?.(writer, created);
    return created;
  });
}

/** A new subscription on a number that is free, with the handle its first event brings. */
export function createWithHandle(
  writer: StoreWriter,
  made: {
    readonly key: Uint8Array;
    readonly policy: LinePolicy;
    readonly subscriber: Omit<Subscriber, 'line' | 'portedTo'>;
    readonly event: Extract<LineEvent, { type: 'activate' | 'port-in' }>;
  },
): Subscriber {
  const { subscriptionId } = made.subscriber;
  if (findSubscriber(writer, subscriptionId) !== undefined) {
    throw fail('subscription_exists', { field: 'subscriptionId' });
  }
  if (!claimNumber(writer, made.key, subscriptionId)) throw fail('number_in_use', { field: 'phoneNumber' });
  const known = handleState(writer, made.event.handle);
  if (known !== undefined && !(made.event.type === 'port-in' && known === 'away'))
    throw fail('handle_in_use');
  markHandle(writer, made.event.handle, 'live');
  const line = firstState(orderedLine(made.event.at), made.event, made.policy);
  const subscriber = { ...made.subscriber, line, portedTo: null };
  putSubscriber(writer, subscriber);
  return subscriber;
}
