import type { JsonValue } from '@attestel/core';
import type { Module } from '../../module/module.ts';
import { type Effect, foldEvents } from '../commands/fold-events.ts';
import type { Payload } from '../payload/payload.schema.ts';
import type { GivenCredential, ObjectRow } from '../store/object-rows.ts';

export interface Folding {
  readonly module: Module;
  readonly payload: Payload;
  readonly line: string;
  /** Block time of the line, unix seconds. */
  readonly time: number;
  /** Parties that get the payload, sorted. */
  readonly receivers: readonly string[];
  readonly checked: boolean;
}

/** Objects after a line: of those given, by id, each at the line before. Pure. */
export function nextRows(
  { module, payload, line, time, receivers, checked }: Folding,
  rows: ReadonlyMap<string, ObjectRow | undefined>,
): ReadonlyMap<string, ObjectRow> {
  const { id, party, actor } = payload;
  const states = new Map<string, JsonValue>();
  for (const [object, row] of rows) if (row) states.set(object, row.state);
  const events = payload.events.filter((event) => rows.has(event.object ?? id));
  const effects = foldEvents(module, states, events as never, { id, party, actor, time });
  const given = givenBy(effects, payload, line);
  const after = new Map<string, ObjectRow>();
  for (const [object, row] of rows) {
    const state = states.get(object);
    // A line may move an object without saying anything of it: nothing begins by that.
    if (state === undefined) continue;
    after.set(object, {
      head: line,
      count: (row?.count ?? 0) + 1,
      state,
      complete: receivers,
      given: [...stillGiven(row, effects, object), ...(given.get(object) ?? [])],
      unchecked: (row?.unchecked ?? false) || !checked,
      generation: row?.generation ?? 0,
      ...relationOf(row, payload),
    });
  }
  return after;
}

function relationOf(row: ObjectRow | undefined, payload: Payload): Pick<ObjectRow, 'relation'> {
  const relation = row ? row.relation : payload.relation;
  return relation === undefined ? {} : { relation };
}

const stillGiven = (
  row: ObjectRow | undefined,
  effects: readonly Effect[],
  object: string,
): readonly GivenCredential[] =>
  (row?.given ?? []).filter(
    ({ type }) => !effects.some((one) => one.kind === 'revoke' && one.object === object && one.type === type),
  );

/** Credentials of the payload stand in the order of the events that give them. */
function givenBy(
  effects: readonly Effect[],
  { issued }: Payload,
  line: string,
): ReadonlyMap<string, readonly GivenCredential[]> {
  const given = new Map<string, GivenCredential[]>();
  effects
    .filter((effect) => effect.kind === 'issue')
    .forEach(({ object, type }, i) => {
      const id = issued[i]?.id;
      if (id !== undefined) given.set(object, [...(given.get(object) ?? []), { id, type, line }]);
    });
  return given;
}
