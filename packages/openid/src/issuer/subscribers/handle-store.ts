import { type Bytes, type StoreReader, type StoreWriter, utf8 } from '@attestel/core';
import { jsonTable } from '../storage/json-table.ts';
import { sha256 } from '../storage/keys.ts';

/**
 * Every handle this operator ever had, by hash. `away`: gone along with a ported line, may come back
 * once; `ended`: never again.
 */
interface HandleRow {
  readonly state: 'live' | 'away' | 'ended';
}

const HANDLES = jsonTable<HandleRow>('issuer/handles');

const keyOf = (handle: string): Bytes => sha256(utf8(handle));

export const handleState = (reader: StoreReader, handle: string): HandleRow['state'] | undefined =>
  HANDLES.get(reader, keyOf(handle))?.state;

export const markHandle = (writer: StoreWriter, handle: string, state: HandleRow['state']): void =>
  HANDLES.put(writer, keyOf(handle), { state });
