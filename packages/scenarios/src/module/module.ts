import type { JsonValue } from '@attestel/core';
import type { Execution, Role } from '@attestel/registry';
import type { Keys, Match } from './lookups.ts';

/** JSON Schema 2020-12. Objects are closed: whoever writes one says `additionalProperties: false`. */
export type JsonSchema = { readonly [keyword: string]: JsonValue };

export type JsonObject = { readonly [field: string]: JsonValue };

/** A text of the documentation and the console. */
export interface Text {
  readonly 'zh-CN': string;
  readonly en: string;
}

/**
 * Who asks, where and when. All of it comes from the ledger line, the registry and credentials that the payload
 * carries, so that every party finds the same.
 */
export interface Context {
  /** Channel of the object: a namespace of the ledger. */
  readonly channel: string;
  /** Organisation on whose behalf the line is written: actor of the line. */
  readonly party: string;
  /** Who acts: the party itself, or a person, device or agent that acts for it. */
  readonly actor: string;
  /** Roles of the party in the registry. */
  readonly roles: readonly Role[];
  /** Block time, unix seconds: the only clock there is. */
  readonly time: number;
  /**
   * Claims of a live credential of that type whose claims equal all of `match`: the actor's own, or the party's where
   * the actor is the party or its agent. Undefined where there is none.
   */
  holds(type: string, match?: JsonObject): JsonObject | undefined;
  /** State of another object that the command named in `reads`; undefined where it does not exist. */
  read(module: string, id: string): JsonValue | undefined;
}

/** In place of DIDs in `parties`: every member of the channel, whoever joins later too. */
export const EVERYONE = '*';

/**
 * Type of the stub that stands for an event whose payload was erased. The host folds it with data `{}`, no parties,
 * and object, party, actor and time of the line; no module declares an event of that type.
 */
export const ERASED = 'erased';

/** What happened to one object, and who may read it. */
export interface ModuleEvent {
  readonly type: string;
  /** Object that it is about; absent: the one of the command. */
  readonly object?: string;
  readonly data: JsonObject;
  /** DIDs of organisations that get the payload, beside the party that acts; or EVERYONE. */
  readonly parties: readonly string[];
  /** Keys that must be unique in the channel for ever, such as a vendor's serial number. */
  readonly unique?: readonly string[];
  /** Keys taken until a later event of the object releases them, such as a slot. */
  readonly hold?: readonly string[];
  readonly release?: readonly string[];
}

/** An event as `evolve` sees it: who and when come from the line, never from the data. */
export interface Recorded extends ModuleEvent {
  readonly object: string;
  readonly party: string;
  readonly actor: string;
  /** Block time, unix seconds. */
  readonly time: number;
}

export interface CommandRequest<S, D> {
  /** Undefined: the command begins the object. */
  readonly state: S | undefined;
  readonly data: D;
  /** Object of the command: 32 hex digits, random. */
  readonly id: string;
  readonly context: Context;
  /** States of the further objects that the command moves, by id. */
  readonly others: ReadonlyMap<string, S>;
}

/** Whether a command begins an object, moves one, or takes either. */
export type Begins = 'new' | 'existing' | 'either';

export interface Command<S = JsonValue, D = JsonValue> {
  readonly summary: Text;
  readonly schema: JsonSchema;
  readonly on: Begins;
  /** The host runs it by itself: nobody calls it. */
  readonly byHost?: true;
  /** Credential types that let a person or device act here for the party that issued them or is named in them. */
  readonly delegates?: readonly string[];
  /** Ids of further objects of this module that the command moves too, all or none. */
  objects?(data: D): readonly string[];
  /** Objects, of this or other modules of the channel, that it looks at. */
  reads?(request: Pick<CommandRequest<S, D>, 'state' | 'data'>): readonly ObjectName[];
  /** False: `permission_denied`. */
  allow(request: CommandRequest<S, D>): boolean;
  /** Pure. Throws an AppError that names field and rule. @returns at least one event */
  decide(request: CommandRequest<S, D>): readonly ModuleEvent[];
}

export interface ObjectName {
  readonly module: string;
  readonly id: string;
}

/** Who asks for a state: a party of the channel, a regulator, or a stranger. */
export type Reader = Omit<Context, 'read' | 'actor'> & { readonly actor: string };

export interface Row<S> {
  readonly id: string;
  readonly state: S;
}

export interface QueryRequest<S, A> {
  /** Objects that the reader may see, as it sees them; in the order of their ids. */
  readonly rows: Iterable<Row<S>>;
  readonly args: A;
  readonly reader: Reader;
  /** Other objects of the module, found by its indexes: to go from one to the next. */
  find(match: Match): Iterable<Row<S>>;
  /** The same of another module of the channel; none where this party does not run it. */
  rowsOf(module: string, match?: Match): Iterable<Row<JsonValue>>;
}

export interface Query<S = JsonValue, A = JsonValue> {
  readonly summary: Text;
  readonly schema: JsonSchema;
  /**
   * True for readers who get an answer made from all objects, also those that they may not see: the answer holds sums
   * and never a row.
   */
  overAll?(reader: Reader): boolean;
  /**
   * Arguments that name an index: of `rows` there are then only those objects that have the value of each one given.
   * The first one given is looked up, so the one that fits fewest objects comes first.
   */
  readonly by?: readonly string[];
  /** The answer is a list, made from one row after another: whoever asks gets it in parts. */
  readonly paged?: boolean;
  run(request: QueryRequest<S, A>): JsonValue;
}

/** Whose word makes a credential of a type count in a channel. */
export type Trust =
  /** A governor of the channel or of one above it; in `main`, an active member that the claims do not name as subject. */
  | { readonly by: 'governor' }
  /** Whoever holds a credential of that type, with the same value of these claims. */
  | { readonly by: 'holder'; readonly of: string; readonly same: readonly string[] }
  /** The party that this claim names. */
  | { readonly by: 'claim'; readonly claim: string }
  /** An event of that module: the credential was begun by one of its lines. */
  | { readonly by: 'module'; readonly module: string };

/** A credential that an event of the module gives; the same line that moves the object begins or ends it. */
export interface Gives<S = JsonValue> {
  readonly type: string;
  /** Type of the event that issues. */
  readonly on: string;
  /** Types of events that revoke what this object gave. */
  readonly revokedOn?: readonly string[];
  to(state: S, event: Recorded): readonly Grant[];
}

export interface Grant {
  readonly subject: string;
  readonly claims: JsonObject;
  /** End, unix seconds, exclusive; null: until revoked. */
  readonly until: number | null;
}

/** Objects about a person have, in that index, the person's name; or, with `of`, the id of an object of that module about them. */
export interface About {
  readonly index: string;
  readonly of?: string;
}

/** Declarations over a kind: everything that a scenario says about one sort of object. */
export interface Module<S = JsonValue> {
  /** `scenario.object`, such as `roaming.iot`. */
  readonly name: string;
  /** Stands for the code: changed behaviour is a new version. */
  readonly version: string;
  readonly summary: Text;
  readonly execution: readonly Execution[];
  /** Its lines name neither module nor actor: who deals with whom stays between the parties. */
  readonly blind?: boolean;
  readonly commands: { readonly [name: string]: Command<S, never> };
  /** Data of each type of event. */
  readonly events: { readonly [type: string]: JsonSchema };
  readonly queries: { readonly [name: string]: Query<S, never> };
  /**
   * What objects are found by, by name: the host keeps it up to date, so that queries need not look at all of them. Pure
   * and total over states, as `evolve` is, and of what readers see by `view` too; other ones are a new version.
   */
  readonly indexes?: { readonly [name: string]: (state: S) => Keys };
  /** Claims of the types that the module asks for or gives. */
  readonly credentials: { readonly [type: string]: { readonly schema: JsonSchema; readonly trust: Trust } };
  readonly gives: readonly Gives<S>[];
  /** Pure and total: takes every event, stubs of type ERASED too, in whatever state they left behind. */
  evolve(state: S | undefined, event: Recorded): S;
  /** Whether that reader may see the object at all. */
  visible(state: S, reader: Reader): boolean;
  /** What of it: absent, all. */
  view?(state: S, reader: Reader): JsonValue;
  /**
   * Person whom the object is about, by the random name that the parties of the channel use; undefined: nobody. `read` is the
   * state of another object that the same party has.
   */
  subjectOf?(state: S, read: Context['read']): string | undefined;
  /** How the host finds objects about a person; every module with `subjectOf` says so. */
  readonly about?: About;
  /** Organisations that may move the object from now on, by lines of their own; the acting party always. */
  movers(state: S): readonly string[];
}
