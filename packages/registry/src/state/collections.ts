import type { CborValue } from '@attestel/core';
import type { State, StateReader } from '@attestel/ledger';
import type { App, Bridge, Issuer, Member } from '../types.ts';

/** Name of the ledger module and of its state. */
export const REGISTRY_MODULE = 'registry';

/** Records of one kind, by their identifier. What is read was written by this module. */
export interface Collection<T> {
  get(state: Pick<StateReader, 'get'>, id: string): T | undefined;
  key(id: string): string;
  put(state: State, id: string, record: T): void;
  list(state: StateReader): readonly T[];
}

/** As decided by operations; whether the member behind it is active is asked when it is read. */
export type AppRecord = App & {
  /** Suspended by votes: its member alone cannot resume it. */
  readonly byConsortium: boolean;
};

export interface Parameters {
  readonly admissionThreshold: number;
  readonly accreditationThreshold: number;
  readonly trustAnchors: readonly Uint8Array[];
}

export const members = collection<Member>('member/');
export const issuers = collection<Issuer>('issuer/');
export const bridges = collection<Bridge>('bridge/');
export const apps = collection<AppRecord>('app/');
/** URL of an issuer or bridge → its DID; skeleton of an active app's name → its client id. */
export const issuerUrls = collection<string>('issuer-url/');
export const bridgeUrls = collection<string>('bridge-url/');

const PARAMETERS = 'parameters';
const REVISION = 'revision';

export const readParameters = (state: StateReader): Parameters | undefined =>
  state.get(PARAMETERS) as Parameters | undefined;

export const writeParameters = (state: State, parameters: Parameters): void =>
  state.put(PARAMETERS, { ...parameters });

/** Counts the operations of the registry, so that readers know when what they decoded still holds. */
export const revisionOf = (state: StateReader): number => (state.get(REVISION) as number | undefined) ?? 0;

export const bumpRevision = (state: State): void => state.put(REVISION, revisionOf(state) + 1);

export function collection<T>(prefix: string): Collection<T> {
  return {
    get: (state, id) => state.get(prefix + id) as T | undefined,
    key: (id) => prefix + id,
    put: (state, id, record) => state.put(prefix + id, record as CborValue),
    list: (state) => Array.from(state.list(prefix), ([, record]) => record as T),
  };
}
