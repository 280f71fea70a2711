import { type CborValue, canonicalizeJson, type JsonValue } from '@attestel/core';
import type { DecidedEvent, DecideRequest, Decider } from '@attestel/registry';
import { z } from 'zod';
import { fail } from '../errors.ts';
import { declarationOf } from './declaration.ts';
import type { Context, Module, ModuleEvent, Recorded } from './module.ts';
import { commandOf, runCommand } from './run-command.ts';
import { validatorOf } from './schemas.ts';

const objectId = z.string().regex(/^[0-9a-f]{32}$/);

const shared = z.strictObject({
  command: z.string().max(64),
  /** Object of the command. */
  id: objectId,
  data: z.custom<JsonValue>((value) => value !== undefined),
  /** Ids of all objects that it moves, in the order of the heads of the line. */
  objects: z.array(objectId).min(1).max(16),
});

type Fields = DecideRequest<CborValue>['command'];

/** Payload of a shared line: a command that every node runs. */
export type SharedPayload = z.output<typeof shared>;

/** What the ledger keeps of an object of a shared module: its name too, so that no line takes one for another. */
export type SharedObject = { readonly module: string; readonly id: string; readonly state: CborValue };

/** An event as the ledger's decider makes it: whom it is about and what it takes stand in its data. */
type SharedData = Omit<ModuleEvent, 'type' | 'object'> & { readonly id: string };

/**
 * A module as every node executes it. What only parties can know it does not have: no credentials, no roles, no agents
 * and no objects beside those it moves; commands that need such things are refused here.
 */
export function createModuleDecider(module: Module): Decider {
  return {
    declaration: declarationOf(module),
    decide: (request) => decide(module, request as DecideRequest<SharedObject>),
    evolve(state, { type, data, actor, time }) {
      const { id, ...event } = data as unknown as SharedData;
      const recorded: Recorded = { ...event, type, object: id, party: actor, actor, time };
      const before = (state as SharedObject | undefined)?.state as JsonValue | undefined;
      return { module: module.name, id, state: plain(module.evolve(before, recorded)) as CborValue };
    },
  };
}

/** @throws AppError invalid_argument, not_shared, and what `runCommand` says */
function decide(module: Module, request: DecideRequest<SharedObject>): readonly DecidedEvent[] {
  const { command, id, data, objects } = parse(request.command);
  assertObjects(module, { id, objects }, request.states);
  const { channel, actor, time } = request.context;
  const states = new Map<string, JsonValue>();
  request.states.forEach((kept, i) => {
    if (kept) states.set(objects[i] as string, kept.state as JsonValue);
  });
  const rules = commandOf(module, command);
  // `objects` and `reads` may rely on the schema.
  validatorOf(rules.schema)(data);
  const moved = new Set([id, ...(rules.objects?.(data) ?? [])]);
  if (moved.size !== objects.length || !objects.every((one) => moved.has(one)))
    throw fail('invalid_argument', { field: '/objects' });
  if ((rules.reads?.({ state: states.get(id), data }) ?? []).length > 0) throw fail('not_shared');
  const context: Context = {
    ...{ channel, party: actor, actor, roles: [], time },
    holds: () => undefined,
    read: () => undefined,
  };
  const { events } = runCommand(module, { command, id, data, context, states });
  return events.map((event) => decided(event, id, objects));
}

function decided(
  { type, object, ...event }: ModuleEvent,
  id: string,
  objects: readonly string[],
): DecidedEvent {
  const about = object ?? id;
  return { object: objects.indexOf(about), type, data: plain({ ...event, id: about } as never) as Fields };
}

/** Each object is the one that its first line named. */
function assertObjects(
  { name }: Module,
  { id, objects }: Pick<SharedPayload, 'id' | 'objects'>,
  states: DecideRequest<SharedObject>['states'],
): void {
  const fits =
    objects.length === states.length && new Set(objects).size === objects.length && objects.includes(id);
  if (!fits) throw fail('invalid_argument', { field: '/objects' });
  states.forEach((kept, i) => {
    if (kept && (kept.module !== name || kept.id !== objects[i])) {
      throw fail('invalid_argument', { field: `/objects/${i}` });
    }
  });
}

function parse(command: Fields): SharedPayload {
  const parsed = shared.safeParse(command);
  if (parsed.success) return parsed.data;
  throw fail('invalid_argument', { field: `/${(parsed.error.issues[0]?.path ?? []).map(String).join('/')}` });
}

/** As it is going to be read back. */
const plain = (value: JsonValue): JsonValue => JSON.parse(canonicalizeJson(value)) as JsonValue;
