import { type JsonValue, toHex, unixSeconds } from '@attestel/core';
import { fail } from '../../errors.ts';
import type { Module, Reader } from '../../module/module.ts';
import { isOverseen, plainReader } from '../access/oversight.ts';
import { recordRead } from '../access/record-read.ts';
import { refold } from '../fold/refold.ts';
import type { HostParts } from '../host-parts.ts';
import { refOfObject } from '../ledger-view.ts';
import { isShared, sharedStateAt } from '../shared/shared-objects.ts';
import { hasGap, type ObjectName, type ObjectRow, readObjectRow } from '../store/object-rows.ts';
import { type Erased, readPayloadRecord } from '../store/payload-records.ts';
import { type Asking, readerOf } from './reader-of.ts';

export interface ReadRequest {
  readonly channel: string;
  /** Digest in hex, or `name@version`. */
  readonly module: string;
  readonly reader: Asking;
  /** As it was then, unix seconds; absent: now. */
  readonly at?: number | undefined;
}

/** An object as this party has it. */
export interface ObjectView {
  readonly id: string;
  /** As much of it as the reader may see. */
  readonly state: JsonValue;
  /** Last line that the state comes from, hex. */
  readonly head: string;
  readonly lines: number;
  /** False: some payload looked at what this party does not have. */
  readonly checked: boolean;
  /** Whether the ledger has later lines of it, whose payloads are not here, or not agreed with. */
  readonly behind: boolean;
  /** Organisation that disputes its last line; null where nobody does. */
  readonly disputedBy: string | null;
}

/** @throws AppError module_unknown, not_found, permission_denied */
export async function getObject(
  parts: HostParts,
  request: ReadRequest & { id: string },
): Promise<ObjectView> {
  const { channel, id, at } = request;
  const { digest, module } = parts.modules.find(request.module);
  const reader = await readerOf(parts, { channel, module, time: at ?? nowOf(parts) }, request.reader);
  const name = { channel, module: module.name, id };
  if (isShared(parts.ledger, channel, digest)) return getShared(parts, { channel, module, id, reader, at });
  const newest = readObjectRow(parts.store, parts.vault, name);
  const row =
    newest && at !== undefined
      ? refold(parts, parts.store, name, { count: newest.count, until: at })
      : newest;
  if (!newest || !row) throw fail('not_found');
  if (!module.visible(row.state, reader)) throw fail('permission_denied');
  if (hasGap(newest)) assertSomethingLeft(parts, name, newest.count);
  if (isOverseen(module, row.state, plainReader(parts, reader)))
    await recordRead(parts, reader, { module: module.name, object: id, line: null, head: newest.head });
  return viewOf(parts, { channel, module, id, row, reader });
}

/** Where every payload of an object was erased here, nothing is left to be told. @throws AppError gone */
function assertSomethingLeft(parts: HostParts, { channel, module, id }: ObjectName, count: number): void {
  let last: Erased | null = null;
  for (let number = 1; number <= count; number += 1) {
    const line = parts.view.lineAt(channel, refOfObject(module, id), number);
    const record = line === undefined ? undefined : readPayloadRecord(parts.store, line);
    if (!record?.erased) return;
    last = record.erased;
  }
  throw fail('gone', { extra: { heldBy: holdersOf(parts, last) } });
}

/** Who else was given what was erased here: DIDs with blanks between. */
export const holdersOf = ({ party }: Pick<HostParts, 'party'>, erased: Erased | null): string =>
  (erased?.parties ?? []).filter((did) => did !== party.did).join(' ');

/** What all nodes have needs no payload. */
function getShared(
  parts: HostParts,
  { channel, module, id, reader, at }: Omit<Viewing, 'row'> & { readonly at: number | undefined },
): ObjectView {
  const found = sharedStateAt(parts, { channel, module: module.name, id }, at);
  if (!found) throw fail('not_found');
  if (!module.visible(found.state, reader)) throw fail('permission_denied');
  const state = stateFor(module, found.state, reader);
  return { id, ...found, state, checked: true, behind: false, disputedBy: null };
}

interface Viewing {
  readonly channel: string;
  readonly module: Module;
  readonly id: string;
  readonly row: ObjectRow;
  readonly reader: Reader;
}

function viewOf({ view }: HostParts, { channel, module, id, row, reader }: Viewing): ObjectView {
  const onLedger = view.head(channel, refOfObject(module.name, id));
  return {
    id,
    state: stateFor(module, row.state, reader),
    head: row.head,
    lines: row.count,
    checked: !row.unchecked,
    behind: onLedger !== undefined && toHex(onLedger.line) !== row.head,
    disputedBy: onLedger?.dispute?.actor ?? null,
  };
}

const stateFor = (module: Module, state: JsonValue, reader: Reader): JsonValue =>
  module.view ? module.view(state, reader) : state;

export const nowOf = ({ clock, ledger }: Pick<HostParts, 'clock' | 'ledger'>): number =>
  Math.max(unixSeconds(clock), ledger.head().time);
