import type { JsonValue } from '@attestel/core';
import type { Role } from '@attestel/registry';
import { jsonOf } from '../../module/json-of.ts';
import type { Context, Module, ModuleEvent } from '../../module/module.ts';
import { commandOf, runCommand } from '../../module/run-command.ts';
import type { Held } from '../ports.ts';
import { type Effect, foldEvents } from './fold-events.ts';
import { standingOf } from './standing.ts';

/** A command with all that it may look at: the same at whoever acts and at whoever checks. */
export interface Deciding {
  readonly module: Module;
  readonly channel: string;
  readonly command: string;
  readonly id: string;
  readonly data: JsonValue;
  readonly party: string;
  readonly actor: string;
  readonly roles: readonly Role[];
  /** Unix seconds. */
  readonly time: number;
  readonly held: readonly Held[];
  /** By id, of the objects that it moves. */
  readonly states: ReadonlyMap<string, JsonValue>;
  readonly read: Context['read'];
}

export interface Decided {
  readonly events: readonly ModuleEvent[];
  /** States after, folded at the time of the decision. */
  readonly states: ReadonlyMap<string, JsonValue>;
  readonly effects: readonly Effect[];
  /** Credentials that counted, as JWTs. */
  readonly used: readonly string[];
}

/** @throws AppError as `runCommand` does; permission_denied to who may not act for the party */
export function decide(deciding: Deciding): Decided {
  const { module, channel, command, id, data, party, actor, roles, time, read } = deciding;
  const holding = standingOf(module, commandOf(module, command), deciding);
  const context: Context = { channel, party, actor, roles, time, holds: holding.holds, read };
  const outcome = runCommand(module, { command, id, data, context, states: deciding.states });
  // As it is going to be read back: nothing that is no JSON gets into a state.
  const events = jsonOf(outcome.events as unknown as JsonValue) as unknown as readonly ModuleEvent[];
  const states = new Map(deciding.states);
  const effects = foldEvents(module, states, events, { id, party, actor, time });
  return { events, states, effects, used: holding.used() };
}
