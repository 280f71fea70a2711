import { type CborValue, canonicalizeJson, fromHex, type JsonValue, toHex } from '@attestel/core';
import {
  type DecidedEvent,
  type DecideRequest,
  type Decider,
  type DeciderContext,
  type RecordedEvent,
  type Rule,
  refOf,
} from '@attestel/registry';
import { z } from 'zod';
import { fail } from '../../errors.ts';
import { declarationOf } from '../../module/declaration.ts';
import { jsonOf } from '../../module/json-of.ts';
import type { Context, Module, ModuleEvent, ObjectName, Recorded } from '../../module/module.ts';
import { commandOf, runCommand } from '../../module/run-command.ts';
import { validatorOf } from '../../module/schemas.ts';
import { standingOf } from '../commands/standing.ts';
import { heldBy, shownCredentials } from './shown-credentials.ts';

const objectId = z.string().regex(/^[0-9a-f]{32}$/);

const shared = z.strictObject({
  command: z.string().max(64),
  /** Object of the command. */
  id: objectId,
  data: z.custom<JsonValue>((value) => value !== undefined),
  /** Ids of all objects that it moves, in the order of the heads of the line: `id`, then those that the command names. */
  objects: z.array(objectId).min(1).max(16),
  /** What the command looks at, and the line at which whoever signed saw it; null: it did not exist. */
  reads: z
    .array(
      z.strictObject({
        module: z.string().regex(/^[a-z][a-z0-9.-]{0,63}$/),
        id: objectId,
        head: z
          .string()
          .regex(/^[0-9a-f]{64}$/)
          .nullable(),
      }),
    )
    .max(64),
  credentials: shownCredentials,
});

type Fields = DecideRequest<CborValue>['command'];

/** Payload of a shared line: a command that every node runs. */
export type SharedPayload = z.output<typeof shared>;

/** What the ledger keeps of an object of a shared module: its name too, so that no line takes one for another. */
export type SharedObject = { readonly module: string; readonly id: string; readonly state: CborValue };

/** An event as the ledger's decider makes it: whom it is about, and who is told, stand beside its data. */
type SharedData = Pick<ModuleEvent, 'data' | 'parties'> & { readonly id: string };

/** Who moves objects of shared modules: the module alone says. No line may begin one under another rule. */
export const ANY_WRITER: Rule = { threshold: 1, resolution: 1, dids: [], keys: [], roles: ['writer'] };

/**
 * A module as every node executes it. What only parties can know it does not have: no agents, of other objects only
 * those that nodes execute too, and of credentials those whose first line is opened to all.
 * @param onUsed told of each credential that a command's rules looked at, by `channel|id`
 * @throws TypeError for a module that hides its lines or gives credentials: nodes do neither
 */
export function createModuleDecider(
  module: Module,
  onUsed: (credential: string) => void = () => {},
): Decider {
  if (module.blind || module.gives.length > 0)
    throw new TypeError(`${module.name}: blind, or gives credentials`);
  return {
    declaration: declarationOf(module),
    decide: (request) => decide(module, request as DecideRequest<SharedObject>, onUsed),
    evolve(state, event) {
      const recorded = recordedOf(event);
      const before = (state as SharedObject | undefined)?.state as JsonValue | undefined;
      const after = jsonOf(module.evolve(before, recorded)) as CborValue;
      return { module: module.name, id: recorded.object, state: after };
    },
  };
}

/** An event of a shared module as modules know it. */
export function eventOf({
  object: _,
  type,
  data: said,
  ...keys
}: DecidedEvent): ModuleEvent & { object: string } {
  const { id, data, parties } = said as unknown as SharedData;
  return { type, object: id, data, parties, ...keys };
}

function recordedOf({ actor, time, ...event }: RecordedEvent): Recorded {
  return { ...eventOf(event), party: actor, actor, time };
}

/** @throws AppError invalid_argument, not_shared, head_conflict, and what `runCommand` says */
function decide(
  module: Module,
  request: DecideRequest<SharedObject>,
  onUsed: (credential: string) => void,
): readonly DecidedEvent[] {
  const { command, id, data, objects, reads, credentials } = parse(request.command);
  assertObjects(module, objects, request);
  const states = new Map<string, JsonValue>();
  request.states.forEach((kept, i) => {
    if (kept) states.set(objects[i] as string, kept.state as JsonValue);
  });
  const rules = commandOf(module, command);
  // `objects` and `reads` may rely on the schema.
  validatorOf(rules.schema)(data);
  const moved = [...new Set([id, ...(rules.objects?.(data) ?? [])])];
  if (!isSame(moved, objects)) throw fail('invalid_argument', { field: '/objects' });
  const seen = statesSeen(request.context, reads, rules.reads?.({ state: states.get(id), data }) ?? []);
  const { channel, actor, roles, time } = request.context;
  const held = heldBy(request.context, module, credentials);
  const { holds, used } = standingOf(module, rules, { channel, party: actor, actor, held });
  const context: Context = {
    ...{ channel, party: actor, actor, roles, time, holds },
    read: (name, of) => seen.get(`${name}|${of}`),
  };
  const { events } = runCommand(module, { command, id, data, context, states });
  used().forEach(onUsed);
  return events.map((event) => decided(event, id, objects));
}

function decided(
  { type, object, data, parties, ...keys }: ModuleEvent,
  id: string,
  objects: readonly string[],
): DecidedEvent {
  const about = object ?? id;
  const said = jsonOf({ data, parties: [...parties], id: about }) as Fields;
  return { object: objects.indexOf(about), type, data: said, ...keys };
}

/**
 * Each object stands under its own name, is the one that its first line named, and is begun under the one rule: else
 * whoever begins it could keep everybody else from moving it, whatever the module says.
 */
function assertObjects(
  { name }: Module,
  objects: SharedPayload['objects'],
  { heads, states }: Pick<DecideRequest<SharedObject>, 'heads' | 'states'>,
): void {
  if (objects.length !== states.length) throw fail('invalid_argument', { field: '/objects' });
  const fits = (id: string, i: number): boolean => {
    const [head, kept] = [heads[i], states[i]];
    if (head?.ref !== toHex(refOf(name, fromHex(id)))) return false;
    if (kept) return kept.module === name && kept.id === id && head.rule === null;
    return canonicalizeJson(head.rule as unknown as JsonValue) === canonicalizeJson(ANY_WRITER as never);
  };
  objects.forEach((id, i) => {
    if (!fits(id, i)) throw fail('invalid_argument', { field: `/objects/${i}` });
  });
}

/** States of what the command names, where they still are as whoever signed saw them. */
function statesSeen(
  { read }: DeciderContext,
  reads: SharedPayload['reads'],
  named: readonly ObjectName[],
): ReadonlyMap<string, JsonValue> {
  const textOf = ({ module, id }: ObjectName): string => `${module}|${id}`;
  if (!isSame(named.map(textOf), reads.map(textOf))) throw fail('invalid_argument', { field: '/reads' });
  const seen = new Map<string, JsonValue>();
  reads.forEach(({ module, id, head }, i) => {
    const found = read(toHex(refOf(module, fromHex(id))));
    if ((found?.head ?? null) !== head) throw fail('head_conflict', { field: `/reads/${i}` });
    if (!found) return;
    const kept = found.state as SharedObject | undefined;
    if (kept?.module !== module || kept.id !== id) throw fail('not_shared', { field: `/reads/${i}` });
    seen.set(textOf({ module, id }), kept.state as JsonValue);
  });
  return seen;
}

const isSame = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((text, i) => text === other[i]);

function parse(command: Fields): SharedPayload {
  const parsed = shared.safeParse(command);
  if (parsed.success) return parsed.data;
  throw fail('invalid_argument', { field: `/${(parsed.error.issues[0]?.path ?? []).map(String).join('/')}` });
}
