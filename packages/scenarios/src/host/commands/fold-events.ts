import type { JsonValue } from '@attestel/core';
import { ERASED, type Grant, type Module, type ModuleEvent, type Recorded } from '../../module/module.ts';

/** Line and payload that events come from. */
export interface Origin {
  /** Object of the command. */
  readonly id: string;
  readonly party: string;
  readonly actor: string;
  /** Unix seconds. */
  readonly time: number;
}

/** A credential that an event begins, or all of one type that it ends. */
export type Effect =
  | { readonly kind: 'issue'; readonly object: string; readonly type: string; readonly grant: Grant }
  | { readonly kind: 'revoke'; readonly object: string; readonly type: string };

/** Folds events into the states, one after another. @returns what becomes of credentials by them, in order */
export function foldEvents(
  module: Module,
  states: Map<string, JsonValue>,
  events: readonly ModuleEvent[],
  { id, ...origin }: Origin,
): readonly Effect[] {
  return events.flatMap((event) => {
    const object = event.object ?? id;
    const recorded: Recorded = { ...event, object, ...origin };
    const state = module.evolve(states.get(object), recorded);
    states.set(object, state);
    return effectsOf(module, state, recorded, object);
  });
}

function effectsOf(module: Module, state: JsonValue, event: Recorded, object: string): readonly Effect[] {
  return module.gives.flatMap(({ type, on, revokedOn = [], to }): Effect[] => {
    const ends = revokedOn.includes(event.type);
    const begins = on === event.type ? to(state, event) : [];
    return [
      ...(ends ? [{ kind: 'revoke', object, type } as const] : []),
      ...begins.map((grant) => ({ kind: 'issue', object, type, grant }) as const),
    ];
  });
}

/** Folds the stub of an erased payload into one object. */
export function foldErased(
  module: Module,
  state: JsonValue | undefined,
  { object, party, time }: { readonly object: string; readonly party: string; readonly time: number },
): JsonValue {
  return module.evolve(state, { type: ERASED, object, data: {}, parties: [], party, actor: party, time });
}
