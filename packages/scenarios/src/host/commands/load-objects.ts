import { type Bytes, type JsonValue, toHex } from '@attestel/core';
import type { LineHead } from '@attestel/registry';
import { fail } from '../../errors.ts';
import type { ObjectName } from '../../module/module.ts';
import type { HostParts } from '../host-parts.ts';
import { refOfObject } from '../ledger-view.ts';
import { sharedObject } from '../shared/shared-objects.ts';
import { type ObjectRow, readStoredRow, type StoredRow } from '../store/object-rows.ts';
import { readPayloadRecord } from '../store/payload-records.ts';

/** An object as this party and the ledger have it; where a command runs on it, both are at the same line. */
export interface LoadedObject {
  readonly id: string;
  readonly ref: Bytes;
  readonly row: ObjectRow | undefined;
  readonly stored: StoredRow | undefined;
  /** Undefined: no line yet. */
  readonly onLedger: LineHead | undefined;
}

export function loadObject(parts: HostParts, channel: string, module: string, id: string): LoadedObject {
  const ref = refOfObject(module, id);
  const stored = readStoredRow(parts.store, parts.vault, { channel, module, id });
  return { id, ref, row: stored?.row, stored, onLedger: parts.view.head(channel, ref) };
}

/**
 * Refuses a head that whoever asks takes for the newest and is not, and an object whose newest payload has not come, or
 * is one that this party does not agree with.
 * @throws AppError head_conflict with the present head, payload_missing, disputed
 */
export function assertCurrent(
  { store }: Pick<HostParts, 'store'>,
  { row, onLedger }: LoadedObject,
  expected?: string,
): void {
  const present = onLedger && toHex(onLedger.line);
  const extra = present && { extra: { head: present } };
  if (expected !== undefined && expected !== present)
    throw fail('head_conflict', { field: '/head', ...extra });
  if (present === row?.head) return;
  const isDisputed = present !== undefined && readPayloadRecord(store, present)?.verdict === 'disputed';
  throw fail(isDisputed ? 'disputed' : 'payload_missing', { ...extra });
}

/** A read that a command names: the line that it saw, and the state there. */
export interface SeenObject {
  readonly module: string;
  readonly id: string;
  readonly head: string | null;
  readonly state: JsonValue | undefined;
}

/**
 * Where nodes execute the object, its state is the ledger's.
 * @throws AppError payload_missing where the object exists and this party does not have its newest state
 */
export function loadSeen(parts: HostParts, channel: string, name: ObjectName): SeenObject {
  const { row, onLedger } = loadObject(parts, channel, name.module, name.id);
  if (onLedger && onLedger.shared !== null) {
    const kept = sharedObject(parts.ledger, { channel, ...name });
    return { ...name, head: toHex(onLedger.line), state: kept?.state as JsonValue };
  }
  if ((onLedger && toHex(onLedger.line)) !== row?.head)
    throw fail('payload_missing', { extra: { module: name.module, object: name.id } });
  return { module: name.module, id: name.id, head: row?.head ?? null, state: row?.state };
}

/** `read` of a context, over what a command named. */
export const readOf =
  (seen: readonly SeenObject[]) =>
  (module: string, id: string): JsonValue | undefined =>
    seen.find((one) => one.module === module && one.id === id)?.state;
