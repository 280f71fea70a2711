import type { Subscriber } from '../subscribers/subscriber.ts';

/**
 * A line as the desk sees it. Without the handle: whoever works at the desk has no use for it, and whoever
 * knows it could look for the person at a bridge.
 */
export const subscriberView = (subscriber: Subscriber) => {
  const { line } = subscriber;
  return {
    subscriptionId: subscriber.subscriptionId,
    holderName: subscriber.holderName,
    phase: line.phase,
    suspension: line.suspension,
    corporate: line.corporate,
    personSince: instant(line.personSince),
    simChangedAt: instant(line.simChangedAt),
    bound: line.binding !== null || line.pending !== null,
    rebindingUntil: instant(line.pending?.until ?? null),
    quarantineUntil: instant(line.quarantineUntil),
  };
};

/** RFC 3339, whole seconds. */
export const instant = <Seconds extends number | null>(seconds: Seconds): string | null =>
  seconds === null ? null : new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
