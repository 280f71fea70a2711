import { type CborValue, decodeCbor, encodeCbor } from '@attestel/core';
import { fail } from '../errors.ts';
import type { DecidedEvent, DecideRequest, Decider, DeciderContext, Fields } from './decider.ts';

/** Events of one command, at most. */
const MAX_EVENTS = 64;
/** An object's state, and the data of one event, in CBOR. */
const MAX_OBJECT_BYTES = 65_536;
/**
 * Everything that one command reads and makes, in CBOR: the command, the states before, each event, the state
 * after each event. Otherwise a line of some hundred bytes could have 16 large objects written anew, or one of
 * them 64 times.
 */
const MAX_RUN_BYTES = 262_144;

/** Keys of one sort that one event names, as many as a line has tokens, and the length of each. */
const MAX_KEYS = 64;
const MAX_KEY_LENGTH = 1024;
/** Other objects that one command looks at. */
const MAX_READS = 64;

const EVENT_TYPE = /^[a-z][A-Za-z0-9.-]{0,63}$/;

export interface Decision {
  readonly events: readonly DecidedEvent[];
  /** States after the events, in the order of the line's heads. */
  readonly states: readonly CborValue[];
}

/**
 * Runs a command the way every validator and every party does. What the decider gets is a frozen copy with its
 * fields in the ledger's order, wherever the caller kept it; what it returns is checked: at least one event, each
 * about an object of the line, every object with a state after.
 * @throws AppError of the decider that refuses; line_effect_invalid
 */
export function runDecider(decider: Decider, request: DecideRequest<CborValue>): Decision {
  const keep = createKeeper();
  const heads = deepFreeze(
    request.heads.map(({ ref, rule }) => ({ ref, rule: rule && { ...rule } })) as never,
  );
  const context = Object.freeze({ ...request.context, read: readerOf(request.context, keep) });
  const command = keep(request.command, MAX_RUN_BYTES);
  const states = request.states.map((state) => (state === undefined ? undefined : keep(state)));
  const decided = decider.decide({ heads, states: Object.freeze([...states]), command, context });
  if (!Array.isArray(decided) || decided.length === 0 || decided.length > MAX_EVENTS) {
    throw fail('line_effect_invalid', { detail: 'number of events' });
  }
  const events = decided.map((event): DecidedEvent => {
    const { object, type } = event;
    assertEvent(event, states.length);
    const own = Object.freeze({ object, type, data: keep(event.data), ...keysOf(event, keep) });
    const recorded = Object.freeze({ ...own, actor: context.actor, time: context.time });
    states[object] = keep(decider.evolve(states[object], recorded));
    return own;
  });
  if (!states.every((state) => state !== undefined)) {
    throw fail('line_effect_invalid', { detail: 'an object without a state' });
  }
  return { events, states };
}

function assertEvent({ object, type }: DecidedEvent, objects: number): void {
  if (!Number.isInteger(object) || object < 0 || object >= objects) {
    throw fail('line_effect_invalid', { detail: 'an event about another object' });
  }
  if (!EVENT_TYPE.test(type)) throw fail('line_effect_invalid', { detail: 'type of an event' });
}

/** Each object is copied, and counted, once. */
function readerOf({ read }: DeciderContext, keep: Keep): DeciderContext['read'] {
  const seen = new Map<string, ReturnType<DeciderContext['read']>>();
  return (ref) => {
    if (!seen.has(ref)) {
      if (seen.size >= MAX_READS) throw fail('line_effect_invalid', { detail: 'number of reads' });
      const found = read(ref);
      const state = found?.state === undefined ? undefined : keep(found.state);
      seen.set(ref, found && Object.freeze({ head: found.head, state }));
    }
    return seen.get(ref);
  };
}

const KEY_LISTS = ['unique', 'hold', 'release'] as const;

/** What an event takes and frees; lists that name nothing are left out, so that an event has one form. */
function keysOf(event: DecidedEvent, keep: Keep): Pick<DecidedEvent, (typeof KEY_LISTS)[number]> {
  const lists = KEY_LISTS.flatMap((name) => {
    const keys = event[name] ?? [];
    if (!Array.isArray(keys) || keys.length > MAX_KEYS || !keys.every(isKey))
      throw fail('line_effect_invalid', { detail: 'keys of an event' });
    return keys.length === 0 ? [] : [[name, keep(keys as CborValue)] as const];
  });
  return Object.fromEntries(lists);
}

const isKey = (key: unknown): boolean =>
  typeof key === 'string' && key.length <= MAX_KEY_LENGTH && key.isWellFormed();

type Keep = <T extends CborValue | Fields>(value: T, max?: number) => T;

/** Makes copies as the ledger keeps them, of one run together no more than it allows. */
function createKeeper(): Keep {
  let left = MAX_RUN_BYTES;
  return (value, max = MAX_OBJECT_BYTES) => {
    const bytes = encoded(value);
    left -= bytes.length;
    if (bytes.length > max || left < 0) throw fail('line_effect_invalid', { detail: 'a value too large' });
    return deepFreeze(decodeCbor(bytes) as typeof value);
  };
}

function encoded(value: CborValue | Fields): Uint8Array {
  try {
    return encodeCbor(value);
  } catch (cause) {
    throw fail('line_effect_invalid', { cause, detail: 'a value without a CBOR form' });
  }
}

/** States and events are JSON, so that parties can keep them anywhere; and byte arrays cannot be frozen. */
function deepFreeze<T extends CborValue | Fields>(value: T): T {
  if (value instanceof Uint8Array) throw fail('line_effect_invalid', { detail: 'bytes instead of text' });
  if (typeof value !== 'object' || value === null) return value;
  for (const item of Object.values(value)) deepFreeze(item as CborValue);
  return Object.freeze(value);
}
