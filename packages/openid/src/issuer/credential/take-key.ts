import type { StoreWriter } from '@attestel/core';
import { settleLine } from '../line/decide.ts';
import type { LineEvent } from '../line/events.ts';
import type { LinePolicy } from '../line/state.ts';
import { type AppliedEvent, applyEvent, readSubscriber } from '../subscribers/apply-event.ts';

/**
 * Binds the line to the key of the wallet that asks for credentials. The same key, or the first one: no
 * change. Another key: a re-binding, at once when the old key has signed for it, else after the delay.
 * @throws AppError event_refused
 */
export function takeKey(
  writer: StoreWriter,
  request: {
    readonly subscriptionId: string;
    readonly key: string;
    readonly oldKey: boolean;
    readonly at: number;
    readonly policy: LinePolicy;
  },
): AppliedEvent {
  const { subscriptionId, key, oldKey, at, policy } = request;
  const line = settleLine(readSubscriber(writer, subscriptionId).line, at);
  const bound = line.pending ?? line.binding;
  const event: LineEvent =
    bound === null || bound.key === key ? { type: 'bind', at, key } : { type: 'new-device', at, key, oldKey };
  return applyEvent(writer, subscriptionId, event, policy);
}
