import { type CborValue, encodeCbor } from '@attestel/core';
import { fail } from '../errors.ts';
import type { DecidedEvent, DecideRequest, Decider, Fields } from './decider.ts';

/** Events of one command, at most. */
export const MAX_EVENTS = 64;
/** An object's state, and the data of one event, in CBOR. */
export const MAX_OBJECT_BYTES = 65_536;

const EVENT_TYPE = /^[a-z][A-Za-z0-9.-]{0,63}$/;

export interface Decision {
  readonly events: readonly DecidedEvent[];
  /** States after the events, in the order of the line's heads. */
  readonly states: readonly CborValue[];
}

/**
 * Runs a command the way every validator and every party does. What the decider gets it cannot change, and what
 * it returns is checked: at least one event, each about an object of the line, every object with a state after.
 * @throws AppError of the decider that refuses; line_effect_invalid
 */
export function runDecider(decider: Decider, request: DecideRequest<CborValue>): Decision {
  const { command, context } = request;
  const states = request.states.map((state) => (state === undefined ? undefined : deepFreeze(state)));
  const events = decider.decide({ states, command: deepFreeze(command), context });
  if (!Array.isArray(events) || events.length === 0 || events.length > MAX_EVENTS) {
    throw fail('line_effect_invalid', { detail: 'number of events' });
  }
  for (const event of events) {
    assertEvent(event, states.length);
    const recorded = Object.freeze({
      ...event,
      data: deepFreeze(event.data),
      actor: context.actor,
      time: context.time,
    });
    states[event.object] = deepFreeze(bounded(decider.evolve(states[event.object], recorded)));
  }
  if (!states.every((state) => state !== undefined)) {
    throw fail('line_effect_invalid', { detail: 'an object without a state' });
  }
  return { events, states };
}

function assertEvent(event: DecidedEvent, objects: number): void {
  const { object, type, data } = event;
  if (!Number.isInteger(object) || object < 0 || object >= objects) {
    throw fail('line_effect_invalid', { detail: 'an event about another object' });
  }
  if (!EVENT_TYPE.test(type)) throw fail('line_effect_invalid', { detail: 'type of an event' });
  bounded(data);
}

/** A value that the ledger can keep. */
function bounded<T extends CborValue | Fields>(value: T): T {
  let size: number;
  try {
    size = encodeCbor(value).length;
  } catch (cause) {
    throw fail('line_effect_invalid', { cause, detail: 'a value without a CBOR form' });
  }
  if (size > MAX_OBJECT_BYTES) throw fail('line_effect_invalid', { detail: 'a value too large' });
  return value;
}

/** States and events are JSON, so that parties can keep them anywhere; and byte arrays cannot be frozen. */
function deepFreeze<T extends CborValue | Fields>(value: T): T {
  if (value instanceof Uint8Array) throw fail('line_effect_invalid', { detail: 'bytes instead of text' });
  if (typeof value !== 'object' || value === null) return value;
  for (const item of Object.values(value)) deepFreeze(item as CborValue);
  return Object.freeze(value);
}
