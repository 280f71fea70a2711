import { type Bytes, type CborValue, toHex } from '@attestel/core';
import type { State, StateReader } from '@attestel/ledger';
import type { DecidedEvent } from './decider.ts';
import type { Line, LineHead, TokenHolder } from './types.ts';

/** Name of the ledger module and of its state. */
export const EVENT_MODULE = 'event';

export type EventTable = 'head' | 'line' | 'of' | 'token' | 'shared-token' | 'state' | 'events';
/** Tokens of lines that parties decide on, and of those that every node executes. */
export type TokenTable = 'token' | 'shared-token';

/**
 * Key of the module's state, as a state receipt names it. Namespace first; no channel name holds `|`, so no
 * channel's keys fall among another's.
 */
export const eventStateKey = (ns: string, table: EventTable, id: Bytes): string =>
  `${ns}|${table}|${toHex(id)}`;
const historyKey = (ns: string, ref: Bytes, number: number): string =>
  `${eventStateKey(ns, 'of', ref)}|${String(number).padStart(10, '0')}`;

// Only this module writes its state, so what is read back needs no second validation.
const stored = <T>(value: CborValue | undefined): T | undefined => value as T | undefined;

export const readLineHead = (state: StateReader, ns: string, ref: Bytes): LineHead | undefined =>
  stored<LineHead>(state.get(eventStateKey(ns, 'head', ref)));

export const writeLineHead = (state: State, ns: string, ref: Bytes, head: LineHead): void =>
  state.put(eventStateKey(ns, 'head', ref), head as unknown as CborValue);

export const readLine = (state: StateReader, ns: string, id: Bytes): Line | undefined =>
  stored<Line>(state.get(eventStateKey(ns, 'line', id)));

export const writeLine = (state: State, ns: string, id: Bytes, line: Line): void =>
  state.put(eventStateKey(ns, 'line', id), line as unknown as CborValue);

/** Operation id of an object's line by its number, from 1. */
export const readLineId = (state: StateReader, ns: string, ref: Bytes, number: number): Bytes | undefined =>
  stored<Bytes>(state.get(historyKey(ns, ref, number)));

export const writeLineId = (
  state: State,
  ns: string,
  { ref, number, id }: { readonly ref: Bytes; readonly number: number; readonly id: Bytes },
): void => state.put(historyKey(ns, ref, number), id);

export const readToken = (
  state: StateReader,
  ns: string,
  token: Bytes,
  table: TokenTable,
): TokenHolder | undefined => stored<TokenHolder>(state.get(eventStateKey(ns, table, token)));

export const writeToken = (
  state: State,
  ns: string,
  token: Bytes,
  { holder, table }: { readonly holder: TokenHolder; readonly table: TokenTable },
): void => state.put(eventStateKey(ns, table, token), { ...holder });

export const deleteToken = (state: State, ns: string, token: Bytes, table: TokenTable): void =>
  state.delete(eventStateKey(ns, table, token));

/** State of an object that a shared module decides on. */
export const readObject = (state: StateReader, ns: string, ref: Bytes): CborValue | undefined =>
  state.get(eventStateKey(ns, 'state', ref));

export const writeObject = (state: State, ns: string, ref: Bytes, object: CborValue): void =>
  state.put(eventStateKey(ns, 'state', ref), object);

/** What a line that every node executed did to its objects. */
export const readEvents = (
  state: StateReader,
  ns: string,
  line: Bytes,
): readonly DecidedEvent[] | undefined =>
  stored<readonly DecidedEvent[]>(state.get(eventStateKey(ns, 'events', line)));

export const writeEvents = (state: State, ns: string, line: Bytes, events: readonly DecidedEvent[]): void =>
  state.put(eventStateKey(ns, 'events', line), events as unknown as CborValue);
