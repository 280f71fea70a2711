import { isAppError, type JsonValue, toHex } from '@attestel/core';
import type { JsonObject } from '../../module/module.ts';
import { blindKeyParcel } from '../blind/share-common-actor.ts';
import type { HostParts } from '../host-parts.ts';
import { openKept, readPayloadRecord } from '../store/payload-records.ts';
import { deleteOutbox, listOutbox, type OutboxRow, waitingReceivers } from './outbox-rows.ts';

/** First wait after a failure; each further one doubles it. */
const FIRST_WAIT_SECONDS = 1;
const MAX_WAIT_SECONDS = 300;

/** What waits for a receiver, and how often it was tried since this host opened. */
export interface OutboxEntry extends OutboxRow {
  readonly attempts: number;
  readonly lastError: string | null;
}

export interface Outbox {
  /** Tries what has come in since; receivers that did not answer are left their time. */
  wake(): void;
  /** Resolves when nothing is on its way. */
  idle(): Promise<void>;
  entries(): readonly OutboxEntry[];
  stop(): void;
}

interface Receiver {
  attempts: number;
  lastError: string | null;
  waiting: { stop(): void } | undefined;
  busy: Promise<void> | undefined;
  again: boolean;
}

/** Delivers, each receiver for itself and in no hurry for those that are away; for ever, and again after a restart. */
export function createOutbox(parts: HostParts): Outbox {
  const receivers = new Map<string, Receiver>();
  let stopped = false;
  const receiverOf = (to: string): Receiver => {
    const known = receivers.get(to);
    if (known) return known;
    const made = { attempts: 0, lastError: null, waiting: undefined, busy: undefined, again: false };
    receivers.set(to, made);
    return made;
  };

  /** What is refused may be taken after what comes behind it, such as a payload that names the receiver a party. */
  async function deliverAll(to: string, receiver: Receiver): Promise<void> {
    for (;;) {
      const { taken, refusal } = await deliverEach(to, receiver);
      if (refusal === undefined || stopped) return;
      if (taken === 0) throw refusal;
    }
  }

  /** @throws where the receiver cannot be reached, or cannot take it yet */
  async function deliverEach(
    to: string,
    receiver: Receiver,
  ): Promise<{ readonly taken: number; readonly refusal: unknown }> {
    let [taken, refusal]: [number, unknown] = [0, undefined];
    for (const row of listOutbox(parts.store, to)) {
      if (stopped) break;
      const refused = await deliver(to, row).catch((error: unknown) => {
        if (!isAppError(error) || error.kind === 'unavailable') throw error;
        return error;
      });
      refusal ??= refused;
      if (refused) continue;
      taken += 1;
      receiver.attempts = 0;
      receiver.lastError = null;
    }
    return { taken, refusal };
  }

  async function deliver(to: string, row: OutboxRow): Promise<void> {
    const parcel = parcelOf(parts, row);
    if (parcel) await parts.exchange.deliver(to, parcel);
    await parts.store.transact((writer) => deleteOutbox(writer, row));
  }

  function postpone(to: string, receiver: Receiver, error: unknown): void {
    receiver.lastError = isAppError(error) ? error.code : 'failed';
    const seconds = Math.min(MAX_WAIT_SECONDS, FIRST_WAIT_SECONDS * 2 ** Math.min(receiver.attempts, 16));
    receiver.attempts += 1;
    if (stopped) return;
    receiver.waiting = parts.later(seconds, () => {
      receiver.waiting = undefined;
      start(to);
    });
  }

  function start(to: string): void {
    const receiver = receiverOf(to);
    if (stopped || receiver.waiting) return;
    if (receiver.busy) {
      receiver.again = true;
      return;
    }
    receiver.again = false;
    receiver.busy = deliverAll(to, receiver)
      .catch((error: unknown) => postpone(to, receiver, error))
      .finally(() => {
        receiver.busy = undefined;
        if (receiver.again) start(to);
      });
  }

  return {
    wake() {
      for (const to of waitingReceivers(parts.store)) start(to);
    },
    async idle() {
      for (let busy = open(receivers); busy.length > 0; busy = open(receivers)) await Promise.all(busy);
    },
    entries: () =>
      listOutbox(parts.store).map((row) => {
        const { attempts, lastError } = receiverOf(row.to);
        return { ...row, attempts, lastError };
      }),
    stop() {
      stopped = true;
      for (const { waiting } of receivers.values()) waiting?.stop();
    },
  };
}

const open = (receivers: ReadonlyMap<string, Receiver>): readonly Promise<void>[] =>
  [...receivers.values()].flatMap(({ busy }) => (busy ? [busy] : []));

/** Undefined: there is nothing to say any more. */
function parcelOf(parts: HostParts, { to, kind, channel, line }: OutboxRow): JsonObject | undefined {
  // It came meanwhile, from somebody else.
  if (kind === 'channel-key-request' && parts.channelKeys.find(channel)) return undefined;
  if (kind === 'channel-key-request') return { kind, channel };
  if (kind === 'channel-key') {
    // It may have left since it asked.
    if (!parts.view.mayWrite(channel, to, parts.ledger.head().time)) return undefined;
    const key = parts.channelKeys.find(channel);
    return key && { kind, channel, key: toHex(key) };
  }
  if (kind === 'blind-key') return blindKeyParcel(parts, channel, to);
  const record = readPayloadRecord(parts.store, line);
  if (!record) return undefined;
  if (record.sealed) {
    const kept = openKept(parts.vault, line, record.sealed) as unknown as JsonValue;
    return { kind: 'payload', channel, line, kept };
  }
  const { module = '', objects = [], time = 0, parties = [] } = record.erased ?? {};
  return { kind: 'erased', channel, line, module, objects, time, parties };
}
