import { canonicalizeJson, type JsonValue } from '@attestel/core';
import type { Role } from '@attestel/registry';
import { fail } from '../../src/errors.ts';
import { type Match, matches, matchOf } from '../../src/module/lookups.ts';
import {
  type Context,
  ERASED,
  type JsonObject,
  type Module,
  type ModuleEvent,
  type Reader,
  type Recorded,
  type Row,
} from '../../src/module/module.ts';
import { commandOf, runCommand } from '../../src/module/run-command.ts';
import { validatorOf } from '../../src/module/schemas.ts';
import { deepFreeze } from './deep-freeze.ts';
import { type Holding, Holdings } from './holdings.ts';
import { Tokens } from './tokens.ts';

export interface Act {
  readonly module: string;
  readonly command: string;
  /** Absent: a new object. */
  readonly id?: string;
  readonly data?: JsonValue;
  /** Organisation on whose behalf. */
  readonly as: string;
  /** Person, device or agent; absent: the organisation itself. */
  readonly by?: string;
}

export interface Line {
  readonly module: string;
  readonly command: string;
  readonly id: string;
  readonly data: JsonValue;
  readonly events: readonly Recorded[];
}

interface Place {
  readonly module: Module<JsonValue>;
  state: JsonValue;
  /** Events of the object, in order. */
  readonly events: Recorded[];
}

/**
 * Plays commands on modules in memory, without host and ledger: what scenario tests and properties use. Whatever a
 * module gets is deeply frozen; `evolve` runs twice and must give the same; tokens and credentials given by events
 * behave as on the ledger.
 */
export class Play {
  /** Block time, unix seconds. */
  time: number;
  readonly channel: string;
  readonly lines: Line[] = [];
  readonly holdings = new Holdings();
  readonly #modules: ReadonlyMap<string, Module<JsonValue>>;
  readonly #roles: ReadonlyMap<string, readonly Role[]>;
  readonly #places = new Map<string, Place>();
  readonly #tokens = new Tokens();
  #made = 0;

  constructor(
    // Each module has a state type of its own; here they are JSON.
    modules: readonly { readonly name: string }[],
    options: {
      readonly time: number;
      readonly channel?: string;
      readonly roles?: { readonly [did: string]: readonly Role[] };
    },
  ) {
    this.#modules = new Map(modules.map((module) => [module.name, module as Module<JsonValue>]));
    this.time = options.time;
    this.channel = options.channel ?? 'gd';
    this.#roles = new Map(Object.entries(options.roles ?? {}));
  }

  /** @returns id of the object, with the events that happened. @throws AppError as a host would */
  run(act: Act): { readonly id: string; readonly events: readonly Recorded[] } {
    const module = this.moduleOf(act.module);
    const command = commandOf(module, act.command);
    const id = act.id ?? this.#newId();
    const data = deepFreeze(structuredClone(act.data ?? {})) as JsonValue;
    const context = this.#context(act, command.delegates ?? []);
    const own = this.#places.get(keyOf(act.module, id))?.state;
    validatorOf(command.schema)(data);
    if (own === undefined && command.on === 'existing') throw fail('not_found');
    const named = command.reads?.({ state: own, data }) ?? [];
    const reads = new Set(named.map((name) => keyOf(name.module, name.id)));
    const states = this.#statesOf(module, id, command.objects?.(data) ?? []);
    const readable: Context = deepFreeze({
      ...context,
      read: (name: string, of: string) =>
        reads.has(keyOf(name, of)) ? this.#places.get(keyOf(name, of))?.state : undefined,
    });
    const outcome = runCommand(module, { command: act.command, id, data, context: readable, states });
    this.#tokens.take(module.name, outcome.events);
    const events = outcome.events.map((event) => this.#record(module, event, { id, context: readable }));
    for (const [of, state] of outcome.states) {
      const place = this.#places.get(keyOf(module.name, of));
      if (canonicalizeJson(place?.state ?? null) !== canonicalizeJson(state))
        throw new Error('evolve differs');
    }
    this.lines.push({ module: module.name, command: act.command, id, data, events });
    return { id, events };
  }

  moduleOf(name: string): Module<JsonValue> {
    const module = this.#modules.get(name);
    if (!module) throw fail('module_unknown');
    return module;
  }

  /** The whole state, whoever looks. @throws AppError not_found */
  state<S = JsonObject>(module: string, id: string): S {
    return this.#place(module, id).state as S;
  }

  ids(module: string): string[] {
    return [...this.#places]
      .filter(([, place]) => place.module.name === module)
      .map(([key]) => key.slice(key.indexOf(' ') + 1))
      .sort();
  }

  /** As `GET …/{id}` answers. @throws AppError not_found, permission_denied */
  see(module: string, id: string, as: string): JsonValue {
    const { module: declared, state } = this.#place(module, id);
    const reader = this.reader(as);
    if (!declared.visible(state, reader)) throw fail('permission_denied');
    return declared.view?.(state, reader) ?? state;
  }

  /** As `GET …/queries/{query}` answers. */
  query<R = JsonValue>(module: string, name: string, { as, args = {} }: { as: string; args?: JsonValue }): R {
    const declared = this.moduleOf(module);
    const query = Object.hasOwn(declared.queries, name) ? declared.queries[name] : undefined;
    if (!query) throw fail('query_unknown');
    validatorOf(query.schema)(args);
    const reader = this.reader(as);
    const isOpen = query.overAll?.(reader) === true;
    const rowsOf = (of: string, match: Match = {}) =>
      this.#modules.has(of) ? this.#rows(of, reader, { all: isOpen, match }) : [];
    const find = (match: Match) => rowsOf(module, match);
    const rows = find(matchOf(query, args));
    return query.run({ rows, args: deepFreeze(args) as never, reader, find, rowsOf }) as R;
  }

  #rows(
    module: string,
    reader: Reader,
    { all, match }: { readonly all: boolean; readonly match: Match },
  ): readonly Row<JsonValue>[] {
    const declared = this.moduleOf(module);
    const rows = this.ids(module)
      .map((id) => ({ id, state: this.state<JsonValue>(module, id) }))
      .filter((row) => matches(declared, row, match));
    if (all) return deepFreeze(rows);
    const seen = rows
      .filter(({ state }) => declared.visible(state, reader))
      .map(({ id, state }) => ({ id, state: declared.view?.(state, reader) ?? state }));
    return deepFreeze(seen.filter((row) => matches(declared, row, match)));
  }

  /** Folds the object anew with stubs in place of some of its events, as after an erasure. */
  erase(module: string, id: string, ...numbers: readonly number[]): void {
    const place = this.#place(module, id);
    let state: JsonValue | undefined;
    for (const [at, event] of place.events.entries()) {
      const stub = { ...event, type: ERASED, data: {}, parties: [] };
      state = deepFreeze(place.module.evolve(state, numbers.includes(at) ? deepFreeze(stub) : event));
    }
    place.state = state as JsonValue;
  }

  reader(party: string): Reader {
    const { read: _, ...reader } = this.#context({ as: party }, []);
    return reader;
  }

  /** Gives a credential by hand, as a governor would. */
  hold(holding: Holding): void {
    this.holdings.add(holding);
  }

  events(module: string, id: string): readonly Recorded[] {
    return this.#place(module, id).events;
  }

  #place(module: string, id: string): Place {
    const place = this.#places.get(keyOf(this.moduleOf(module).name, id));
    if (!place) throw fail('not_found');
    return place;
  }

  #newId(): string {
    this.#made += 1;
    return this.#made.toString(16).padStart(32, '0');
  }

  #statesOf(module: Module<JsonValue>, id: string, others: readonly string[]): Map<string, JsonValue> {
    const states = new Map<string, JsonValue>();
    for (const of of [id, ...others]) {
      const place = this.#places.get(keyOf(module.name, of));
      if (place) states.set(of, place.state);
    }
    return states;
  }

  #context({ as, by = as }: Pick<Act, 'as' | 'by'>, delegates: readonly string[]): Context {
    const now = this.time;
    const isAgent = this.holdings.find([by], 'Agent', { principal: as }, now) !== undefined;
    const isDelegate = delegates.some((type) => this.holdings.find([by], type, {}, now) !== undefined);
    if (by !== as && !isAgent && !isDelegate) throw fail('permission_denied');
    const holders = by === as || isAgent ? [by, as] : [by];
    return {
      channel: this.channel,
      party: as,
      actor: by,
      roles: this.#roles.get(as) ?? [],
      time: now,
      holds: (type, match = {}) => this.holdings.find(holders, type, match, now),
      read: () => undefined,
    };
  }

  #record(
    module: Module<JsonValue>,
    event: ModuleEvent,
    { id, context }: { readonly id: string; readonly context: Context },
  ): Recorded {
    const { party, actor, time } = context;
    const object = event.object ?? id;
    const recorded = deepFreeze(structuredClone({ ...event, object, party, actor, time })) as Recorded;
    const key = keyOf(module.name, object);
    const place = this.#places.get(key) ?? { module, state: null, events: [] };
    const before = this.#places.has(key) ? place.state : undefined;
    place.state = deepFreeze(structuredClone(module.evolve(before, recorded)));
    place.events.push(recorded);
    this.#places.set(key, place);
    for (const gives of module.gives) {
      const source = `${key} ${gives.type}`;
      if (gives.revokedOn?.includes(event.type)) this.holdings.revoke(source, time);
      if (gives.on === event.type) this.holdings.give(gives, { source, state: place.state, event: recorded });
    }
    return recorded;
  }
}

const keyOf = (module: string, id: string): string => `${module} ${id}`;
