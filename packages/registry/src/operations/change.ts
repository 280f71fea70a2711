import type { CborValue } from '@attestel/core';
import type { ApplyContext, State } from '@attestel/ledger';
import type { RegistryBody, RegistryKind } from './bodies.schema.ts';

/** An operation whose body is parsed and whose actor is an active member (not in the genesis). */
export interface Change<Body> {
  readonly state: State;
  readonly body: Body;
  readonly actor: string;
  readonly context: ApplyContext;
}

/** What the event says beside whom the operation was about. */
export type Detail = { readonly [field: string]: CborValue };

export type Apply<K extends RegistryKind> = (change: Change<RegistryBody<K>>) => Detail | undefined;
