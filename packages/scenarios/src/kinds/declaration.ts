import type { JsonValue } from '@attestel/core';
import type { Execution } from '@attestel/registry';
import type {
  About,
  Command,
  CommandRequest,
  Context,
  Gives,
  JsonSchema,
  Module,
  ObjectName,
  Query,
  Reader,
  Recorded,
  Text,
} from '../module/module.ts';

/** What every kind keeps of an object. */
export type Common = {
  readonly status: string;
  /** Organisations that get its payloads and see it, sorted; or EVERYONE. */
  readonly parties: readonly string[];
  /** Times of its first and last line, unix seconds. */
  readonly begun: number;
  readonly changed: number;
  /** Number of payloads that were erased: not 0 means that the rest may be incomplete. */
  readonly erased: number;
};

/** `never`: rules take whatever data the schema of their command lets through. */
export type Rule<S, R> = (request: CommandRequest<S, never>) => R;

/** Knobs that every kind has. `S` is the kind's state. */
export interface Declaration<S extends Common> {
  readonly name: string;
  readonly version: string;
  readonly summary: Text;
  /** Default: private only. */
  readonly execution?: readonly Execution[];
  readonly blind?: boolean;
  readonly credentials?: Module<S>['credentials'];
  readonly gives?: readonly Gives<S>[];
  /** Beside those of the kind. */
  readonly queries?: { readonly [name: string]: Query<S, never> };
  /** What objects are found by, beside those of the kind. */
  readonly indexes?: NonNullable<Module<S>['indexes']>;
  /** Who may, by command, beside what the kind itself demands. */
  readonly may?: { readonly [command: string]: Rule<S, boolean> };
  /** Rules by command, run before the kind's own. They throw AppErrors that name field and rule. */
  readonly checks?: { readonly [command: string]: Rule<S, void> };
  /** Other objects that `may` and `checks` look at. */
  readonly reads?: {
    readonly [command: string]: (
      request: Pick<CommandRequest<S, never>, 'state' | 'data'>,
    ) => readonly ObjectName[];
  };
  /** Credential types by which persons and devices act for a party. */
  readonly delegates?: { readonly [command: string]: readonly string[] };
  /** Who sees an object beside its parties, regulators and auditors of the channel. */
  readers?(state: S, reader: Reader): boolean;
  view?(state: S, reader: Reader): JsonValue;
  /** Person whom an object is about, as {@link Module.subjectOf}. */
  subjectOf?(state: S, read: Context['read']): string | undefined;
  /** By which of its indexes, as {@link Module.about}: declared together with `subjectOf`. */
  readonly about?: About;
  /** Commands and events of the module's own. */
  readonly own?: Own<S>;
}

export interface Own<S> {
  readonly commands: { readonly [name: string]: Command<S, never> };
  readonly events: { readonly [type: string]: JsonSchema };
  /** Total, as that of a module. */
  evolve(state: S, event: Recorded): S;
}

/** What a kind itself brings. */
export interface Kind<S extends Common> {
  readonly commands: { readonly [name: string]: Command<S, never> };
  readonly events: { readonly [type: string]: JsonSchema };
  readonly queries: { readonly [name: string]: Query<S, never> };
  readonly indexes?: NonNullable<Module<S>['indexes']>;
  /** State of an object whose first payload is gone. */
  unknown(event: Recorded): S;
  /** Total over its own events; who is told and when is set by `assemble`. */
  evolve(state: S, event: Recorded): S;
  movers(state: S): readonly string[];
}

/** Status of an object whose first payload was erased before anything else was known of it. */
export const UNKNOWN = 'unknown';

/** The common part of an object that begins with this event. */
export const beginning = (event: Recorded): Common => ({
  status: UNKNOWN,
  parties: partiesOf(event.party, ...event.parties),
  begun: event.time,
  changed: event.time,
  erased: 0,
});

/** DIDs once each, sorted by code units. */
export const partiesOf = (...dids: readonly string[]): readonly string[] => [...new Set(dids)].sort();
