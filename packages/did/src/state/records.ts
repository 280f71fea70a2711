import type { Bytes, CborValue } from '@attestel/core';
import { toHex } from '@attestel/core';
import type { State, StateReader } from '@attestel/ledger';
import type { ControlState, LedgerKey } from '../genesis/control.schema.ts';

/** Name of the ledger module and of its state. */
export const DID_MODULE = 'did';

/** Newest state of a DID. A deactivated one keeps this record as its tombstone, with no keys in it. */
export interface HeadRecord extends ControlState {
  /** 1 for the creation, one more for each operation since. */
  readonly version: number;
  readonly operation: Bytes;
  /** Operation whose attachment holds the document: a rotation leaves it with the one before. */
  readonly documentOperation: Bytes;
  /** Block times, unix seconds. */
  readonly created: number;
  readonly updated: number;
  readonly deactivated: boolean;
}

/** One version, for ever: what resolution by version and time answers from. */
export interface VersionRecord {
  readonly operation: Bytes;
  readonly time: number;
  /** That of an earlier version where this one rotated keys alone; null where it deactivated. */
  readonly documentOperation: Bytes | null;
  /** Commitment to its document (specs/did-mno.md §5.3); null where it deactivated. */
  readonly document: Bytes | null;
}

/** What a resolution reads: single keys, so that each can be proven. */
export type DidState = Pick<StateReader, 'get'>;

export const headKey = (did: string): string => `head/${did}`;
export const versionKey = (did: string, version: number): string =>
  `version/${did}/${String(version).padStart(10, '0')}`;
const shownKey = (did: string, commitment: Bytes): string => `shown/${did}/${toHex(commitment)}`;

// Only this module writes its state, so what is read back needs no second validation.
const stored = <T>(value: CborValue | undefined): T | undefined => value as T | undefined;

export const readHead = (state: DidState, did: string): HeadRecord | undefined =>
  stored<HeadRecord>(state.get(headKey(did)));

export const readVersion = (state: DidState, did: string, version: number): VersionRecord | undefined =>
  stored<VersionRecord>(state.get(versionKey(did, version)));

/** The newest version, which the head says all of. */
export const newestVersion = (head: HeadRecord): VersionRecord => ({
  operation: head.operation,
  time: head.updated,
  documentOperation: head.deactivated ? null : head.documentOperation,
  document: head.deactivated ? null : head.document,
});

export function writeHead(state: State, did: string, head: HeadRecord): void {
  state.put(headKey(did), head as unknown as CborValue);
  state.put(versionKey(did, head.version), { ...newestVersion(head) });
}

/** What a key of the DID was first shown as; it can become nothing else later. */
export type KeyUse = 'control' | 'ledger';

export const shownAs = (state: StateReader, did: string, commitment: Bytes): KeyUse | undefined =>
  stored<KeyUse>(state.get(shownKey(did, commitment)));

export function markShown(state: State, did: string, commitments: readonly Bytes[], use: KeyUse): void {
  for (const commitment of commitments) state.put(shownKey(did, commitment), use);
}

/** Ledger keys of an active DID: what may sign other modules' operations in its name. */
export const ledgerKeysOf = (state: StateReader, did: string): readonly LedgerKey[] =>
  readHead(state, did)?.ledgerKeys ?? [];
