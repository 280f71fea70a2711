import type { CborValue } from '@attestel/core';
import type { State, StateReader } from '@attestel/ledger';
import type { Anchor, SubLedger } from './types.ts';

/** Name of the ledger module and of its state. */
export const SUB_LEDGER_MODULE = 'sub-ledger';

// No origin holds `|`. Sizes are padded so that keys order as numbers do.
const anchorPrefix = (origin: string): string => `anchor/${origin}|`;
/** Key of the module's state, as a state receipt names it. */
export const anchorStateKey = (origin: string, size: number): string =>
  anchorPrefix(origin) + String(size).padStart(16, '0');

// Only this module writes its state, so what is read back needs no second validation.
export const readSubLedger = (state: StateReader, origin: string): SubLedger | undefined =>
  state.get(`ledger/${origin}`) as SubLedger | undefined;

export const writeSubLedger = (state: State, record: SubLedger): void =>
  state.put(`ledger/${record.origin}`, record as unknown as CborValue);

export const listSubLedgers = (state: StateReader): readonly SubLedger[] =>
  Array.from(state.list('ledger/'), ([, record]) => record as unknown as SubLedger);

export const readAnchor = (state: StateReader, origin: string, size: number): Anchor | undefined =>
  state.get(anchorStateKey(origin, size)) as Anchor | undefined;

export const writeAnchor = (state: State, origin: string, anchor: Anchor): void =>
  state.put(anchorStateKey(origin, anchor.size), { ...anchor });
