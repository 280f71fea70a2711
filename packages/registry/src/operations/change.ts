import type { ApplyContext, State } from '@attestel/ledger';
import type { RegistryBody, RegistryKind } from './bodies.schema.ts';

/** An operation whose body is parsed and whose actor is an active member (not in the genesis). */
export interface Change<Body> {
  readonly state: State;
  readonly body: Body;
  readonly actor: string;
  readonly context: ApplyContext;
}

export type Apply<K extends RegistryKind> = (change: Change<RegistryBody<K>>) => void;
