import { fail } from '../errors.ts';
import {
  type Command,
  type CommandRequest,
  type Context,
  EVERYONE,
  type JsonObject,
  type JsonSchema,
  type Module,
  type Query,
  type Text,
} from '../module/module.ts';
import { assemble } from './assemble.ts';
import type { Common, Declaration } from './declaration.ts';
import { evolveRecord, MAX_FLAGGED, recordEvents, unknownRecord } from './record-events.ts';
import { recordQueries } from './record-queries.ts';
import { type KeptRepair, type RepairRule, repairedIn, repairsQuery } from './record-repairs.ts';
import { type CorrectData, recordSchemas, type SubmitData } from './record-schemas.ts';
import { tell } from './tell.ts';

export type Flagged = { readonly item: number; readonly flags: readonly string[] };

export type RecordState<H = JsonObject> = Common & {
  readonly status: 'open' | 'closed' | 'unknown';
  /** Who submits. */
  readonly owner: string;
  /** Head of the newest batch. */
  readonly head: H | null;
  readonly batches: number;
  /** Items so far; their numbers go on from batch to batch, from 0. */
  readonly items: number;
  readonly sequence: number | null;
  /** Items per flag. */
  readonly flags: { readonly [flag: string]: number };
  readonly flaggedItems: number;
  /** The newest flagged and corrected ones; the rest is in the lines. */
  readonly flagged: readonly Flagged[];
  readonly corrections: number;
  readonly corrected: readonly number[];
  /** What the module keeps of all items so far. */
  readonly summary: JsonObject | null;
  /** The newest; absent where nothing was repaired. */
  readonly repairs?: readonly KeptRepair[];
};

export interface Batch<H, I> {
  readonly head: H;
  readonly items: readonly I[];
  /** Number of the first item. */
  readonly first: number;
  readonly state: RecordState<H> | undefined;
  readonly context: Context;
}

export interface RecordOf<H extends JsonObject, I extends JsonObject> extends Declaration<RecordState<H>> {
  /** What a batch says once. */
  readonly head: JsonSchema;
  readonly item: JsonSchema;
  /** Items of a batch, at most; default 10,000. */
  readonly batch?: number;
  /** True: an object takes one batch and is closed. Default false. */
  readonly single?: boolean;
  /** Default `listed`: whom the first batch names. `own`: nobody else. */
  readonly audience?: 'everyone' | 'listed' | 'own';
  /** Flags with what they mean. They mark an item; only the schema and `checks` refuse one. */
  readonly flags?: { readonly [flag: string]: Text };
  /** Called once a batch, then for each item in order. Pure seen from outside; it may remember items before. */
  rules?(batch: Batch<H, I>): (item: I, index: number) => readonly string[];
  /** Number of a batch where batches are counted: the next is the last + 1. Undefined: this one is not counted. */
  sequence?(head: H): number | undefined;
  /** Keys that no other batch of the channel may ever have; at most 64. */
  unique?(batch: Batch<H, I>): readonly string[];
  /** Organisations that are told of the batch, whoever submits it. */
  told?(batch: Batch<H, I>): readonly string[];
  /** What the state keeps of all items, as small as the module makes it. */
  readonly sums?: Sums<H, I>;
  /** Repairs by name: those of a batch stand in an event of their own, with who made them and when. */
  readonly repairs?: { readonly [rule: string]: RepairRule<I> };
}

export interface Sums<H, I> {
  readonly schema: JsonSchema;
  batch(batch: Batch<H, I>, flagged: readonly Flagged[]): JsonObject;
  correction?(input: {
    readonly state: RecordState<H>;
    readonly correction: CorrectData<I>;
    readonly context: Context;
  }): JsonObject;
}

type State<H> = RecordState<H>;

/** Measurements in batches, append-only: one line a batch. Rules flag items; a correction adds and edits nothing. */
export function record<H extends JsonObject = JsonObject, I extends JsonObject = JsonObject>(
  declaration: RecordOf<H, I>,
): Module<RecordState<H>> {
  return assemble(declaration, {
    commands: commandsOf(declaration),
    events: recordEvents(declaration),
    queries: {
      ...recordQueries<H>(),
      ...(declaration.repairs ? { repairs: repairsQuery<H>() as Query<State<H>, never> } : {}),
    },
    unknown: unknownRecord,
    evolve: evolveRecord,
    movers: ({ owner }) => [owner],
  });
}

function commandsOf<H extends JsonObject, I extends JsonObject>(
  declaration: RecordOf<H, I>,
): Module<State<H>>['commands'] {
  const schemas = recordSchemas(declaration);
  const submit: Command<State<H>, SubmitData<H, I>> = {
    ...schemas.submit,
    on: declaration.single ? 'new' : 'either',
    allow: ({ state, context }) => state === undefined || state.owner === context.party,
    decide: (request) => submitted(declaration, request),
  };
  const correct: Command<State<H>, CorrectData<I>> = {
    ...schemas.correct,
    on: 'existing',
    allow: isOwner,
    decide: ({ state, data, context }) => {
      if (!state || state.items <= data.item) throw fail('not_found', { field: '/item' });
      const summary = declaration.sums?.correction?.({ state, correction: data, context });
      const event = { ...data, ...(summary === undefined ? {} : { summary }) };
      return [tell(state, { type: 'corrected', data: event as unknown as JsonObject })];
    },
  };
  const close: Command<State<H>, JsonObject> = {
    ...schemas.close,
    on: 'existing',
    allow: isOwner,
    decide: ({ state }) => {
      if (state?.status !== 'open') throw fail('conflict');
      return [tell(state, { type: 'closed', data: {} })];
    },
  };
  return declaration.single ? { submit, correct } : { submit, correct, close };
}

const isOwner = <H>({ state, context }: { state: State<H> | undefined; context: Context }): boolean =>
  state?.owner === context.party;

function submitted<H extends JsonObject, I extends JsonObject>(
  declaration: RecordOf<H, I>,
  { state, data, context }: CommandRequest<State<H>, SubmitData<H, I>>,
) {
  if (state && state.status !== 'open') throw fail('conflict');
  const { head, items } = data;
  const batch = { head, items, first: state?.items ?? 0, state, context };
  const sequence = declaration.sequence?.(head);
  if (sequence !== undefined) assertNext(sequence, state?.sequence ?? null);
  const flagged = flaggedOf(declaration, batch);
  const unique = declaration.unique?.(batch) ?? [];
  const event = {
    head,
    first: batch.first,
    count: items.length,
    ...(sequence === undefined ? {} : { sequence }),
    flags: countsOf(flagged),
    flaggedItems: flagged.length,
    flagged: flagged.slice(0, MAX_FLAGGED),
    ...(declaration.sums ? { summary: declaration.sums.batch(batch, flagged) } : {}),
  };
  const also =
    declaration.audience === 'everyone'
      ? [EVERYONE]
      : [context.party, ...(data.to ?? []), ...(declaration.told?.(batch) ?? [])];
  const repairs = repairedIn(declaration, data, batch.first);
  return [
    tell(state, {
      type: 'submitted',
      data: event as unknown as JsonObject,
      also,
      ...(unique.length > 0 ? { unique } : {}),
    }),
    ...(repairs.length > 0 ? [tell(state, { type: 'repaired', data: { repairs }, also })] : []),
  ];
}

/** @throws AppError conflict that names the missing number; already_exists */
function assertNext(sequence: number, last: number | null): void {
  if (last === null || sequence === last + 1) return;
  if (sequence <= last) throw fail('already_exists', { field: '/head', extra: { last } });
  throw fail('conflict', { field: '/head', extra: { missing: last + 1 } });
}

function flaggedOf<H extends JsonObject, I extends JsonObject>(
  declaration: RecordOf<H, I>,
  batch: Batch<H, I>,
): readonly Flagged[] {
  const rule = declaration.rules?.(batch);
  if (!rule) return [];
  const flagged: Flagged[] = [];
  for (const [index, item] of batch.items.entries()) {
    const flags = [...new Set(rule(item, index))].sort();
    const unknown = flags.find((flag) => !Object.hasOwn(declaration.flags ?? {}, flag));
    if (unknown !== undefined) throw new TypeError(`${declaration.name}: flag ${unknown} is not declared`);
    if (flags.length > 0) flagged.push({ item: batch.first + index, flags });
  }
  return flagged;
}

function countsOf(flagged: readonly Flagged[]): { readonly [flag: string]: number } {
  const counts = new Map<string, number>();
  for (const { flags } of flagged) for (const flag of flags) counts.set(flag, (counts.get(flag) ?? 0) + 1);
  return Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
}
