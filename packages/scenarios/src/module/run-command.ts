import type { JsonValue } from '@attestel/core';
import { fail } from '../errors.ts';
import type { Command, CommandRequest, Context, Module, ModuleEvent, Recorded } from './module.ts';
import { validatorOf } from './schemas.ts';

/** A command on an object, with everything that its rules may look at. */
export interface CommandRun<S> {
  readonly command: string;
  readonly id: string;
  readonly data: JsonValue;
  readonly context: Context;
  /** States before, by id, of the object and of the further ones that the command moves. */
  readonly states: ReadonlyMap<string, S>;
}

export interface Outcome<S> {
  readonly events: readonly ModuleEvent[];
  /** States after, by id. */
  readonly states: ReadonlyMap<string, S>;
}

/**
 * Runs a command the way every party does: schema, existence, permission, decision, and the events folded one after
 * another. Pure; the same at whoever acts, at the other parties that check it, and on validators.
 * @throws AppError command_unknown, invalid_argument with a JSON pointer, not_found, already_exists,
 * permission_denied, and what the module's own rules say
 */
export function runCommand<S>(module: Module<S>, run: CommandRun<S>): Outcome<S> {
  const command = commandOf(module, run.command);
  validatorOf(command.schema)(run.data);
  const request = requestOf(command, run);
  if (!command.allow(request)) throw fail('permission_denied');
  const events = command.decide(request);
  if (events.length === 0) throw new TypeError(`${module.name} ${run.command}: no event`);
  const states = new Map(run.states);
  for (const event of events) fold(module, states, { run, event });
  return { events, states };
}

/** @throws AppError command_unknown */
export function commandOf<S>(module: Module<S>, name: string): Command<S> {
  if (!Object.hasOwn(module.commands, name)) throw fail('command_unknown');
  return module.commands[name] as unknown as Command<S>;
}

function requestOf<S>(command: Command<S>, run: CommandRun<S>): CommandRequest<S, JsonValue> {
  const { id, data, context } = run;
  const state = run.states.get(id);
  if (state === undefined && command.on === 'existing') throw fail('not_found');
  if (state !== undefined && command.on === 'new') throw fail('already_exists');
  const ids = command.objects?.(data) ?? [];
  const others = new Map<string, S>();
  for (const other of ids) {
    const found = run.states.get(other);
    if (found === undefined) throw fail('not_found', { extra: { object: other } });
    others.set(other, found);
  }
  return { state, data, id, context, others };
}

/** Adds one event to the states. @throws AppError invalid_argument, TypeError: the module's own mistakes */
function fold<S>(
  module: Module<S>,
  states: Map<string, S>,
  { run, event }: { readonly run: CommandRun<S>; readonly event: ModuleEvent },
): void {
  const schema = Object.hasOwn(module.events, event.type) ? module.events[event.type] : undefined;
  if (!schema) throw new TypeError(`${module.name}: event ${event.type} is not declared`);
  validatorOf(schema)(event.data, `/${event.type}`);
  const { party, actor, time } = run.context;
  const object = event.object ?? run.id;
  if (object !== run.id && !states.has(object))
    throw new TypeError(`${module.name}: event about another object`);
  const recorded: Recorded = { ...event, object, party, actor, time };
  states.set(object, module.evolve(states.get(object), recorded));
}
