import { toHex } from '@attestel/core';
import { fail } from '../../errors.ts';
import type { Module, ModuleEvent, Reader } from '../../module/module.ts';
import { isOverseen, plainReader } from '../access/oversight.ts';
import { recordRead } from '../access/record-read.ts';
import { receiversOf } from '../fold/fold-line.ts';
import type { HostParts } from '../host-parts.ts';
import { refOfObject } from '../ledger-view.ts';
import { type ItemProof, proveItem } from '../payload/batch-items.ts';
import type { Kept, Payload } from '../payload/payload.schema.ts';
import type { SharedPayload } from '../shared/module-decider.ts';
import { sharedLine } from '../shared/shared-lines.ts';
import { sharedStateAt } from '../shared/shared-objects.ts';
import { readObjectRow } from '../store/object-rows.ts';
import { openKept, type PayloadRecord, readPayloadRecord, type Verdict } from '../store/payload-records.ts';
import { holdersOf, nowOf, type ReadRequest } from './read-objects.ts';
import { readerOf } from './reader-of.ts';

/** A line of an object, and what this party may tell the reader of its payload. */
export interface HistoryEntry {
  /** From 1. */
  readonly number: number;
  readonly line: string;
  /** Place in the log. */
  readonly index: number;
  /** Organisation that wrote it. */
  readonly party: string;
  /** Block time, unix seconds. */
  readonly time: number;
  /** Disputes that it ended, as their operations, hex. */
  readonly resolved: readonly string[];
  /** `missing`: not here; `withheld`: here, and not for the reader. */
  readonly payload: Verdict | 'erased' | 'missing' | 'withheld';
  readonly actor?: string;
  readonly command?: string;
  readonly events?: readonly ModuleEvent[];
}

/** Lines of an object, oldest first. @throws AppError not_found, permission_denied */
export async function readHistory(
  parts: HostParts,
  request: Omit<ReadRequest, 'at'> & { readonly id: string },
): Promise<readonly HistoryEntry[]> {
  const { channel, id } = request;
  const { module } = parts.modules.find(request.module);
  const name = { channel, module: module.name, id };
  const shared = sharedStateAt(parts, name);
  const known = shared ?? readObjectRow(parts.store, parts.vault, name);
  if (!known) throw fail('not_found');
  const reader = await readerOf(parts, { channel, module, time: nowOf(parts) }, request.reader);
  if (!module.visible(known.state, reader)) throw fail('permission_denied');
  // What every node has executed is nobody's alone.
  const overseen = !shared && isOverseen(module, known.state, plainReader(parts, reader));
  if (overseen)
    await recordRead(parts, reader, { module: module.name, object: id, line: null, head: known.head });
  const ref = refOfObject(module.name, id);
  const count = parts.view.head(channel, ref)?.count ?? 0;
  const entries: HistoryEntry[] = [];
  for (let number = 1; number <= count; number += 1) {
    const line = parts.view.lineAt(channel, ref, number);
    if (line !== undefined) entries.push({ number, ...entryOf(parts, { channel, line, reader, overseen }) });
  }
  return entries;
}

function entryOf(
  parts: HostParts,
  { channel, line, reader, overseen }: { channel: string; line: string; reader: Reader; overseen: boolean },
): Omit<HistoryEntry, 'number'> {
  const onLedger = parts.view.line(channel, line);
  const record = readPayloadRecord(parts.store, line);
  const told = {
    line,
    index: parts.view.indexOf(line) ?? 0,
    party: onLedger?.actor ?? '',
    time: onLedger?.time ?? 0,
    resolved: (onLedger?.resolved ?? []).map(toHex),
  };
  const found = payloadAt(parts, line, record);
  if (!found) return { ...told, payload: record ? 'erased' : 'missing' };
  const { payload } = found.kept;
  if (!overseen && !mayReadPayload(parts, channel, payload, reader)) return { ...told, payload: 'withheld' };
  const { actor, command, events, party } = payload;
  return {
    ...told,
    payload: found.verdict,
    party,
    actor,
    command,
    events: events as unknown as readonly ModuleEvent[],
  };
}

/** Whom it was given to: organisations, and whoever acted. */
const mayReadPayload = (
  parts: HostParts,
  channel: string,
  payload: Payload,
  { party, actor }: Reader,
): boolean => actor === payload.actor || receiversOf(parts, channel, payload.parties).includes(party);

export interface PayloadView {
  readonly line: string;
  readonly verdict: Verdict;
  readonly payload: Payload;
  /** What opens the digest of the line, hex: whoever has the payload shows by it that the line commits to it. */
  readonly salt: string;
  /** Where every node executed the line: what it commits to, in place of the payload. */
  readonly committed?: SharedPayload;
}

export interface PayloadRequest {
  /** Hex. */
  readonly line: string;
  readonly reader: ReadRequest['reader'];
  /** Where whoever asks takes it to be: elsewhere it is not found. */
  readonly in?: { readonly channel: string /** Name. */; readonly module: string };
}

/** @throws AppError not_found, permission_denied; gone where it was erased here, with who else was given it */
export async function readPayload(parts: HostParts, request: PayloadRequest): Promise<PayloadView> {
  const { kept, verdict, committed } = await readKept(parts, request);
  const { payload, salt } = kept;
  return { line: request.line, verdict, payload, salt, ...(committed && { committed }) };
}

export interface ItemRequest extends PayloadRequest {
  /** From 0. */
  readonly index: number;
}

/** @throws AppError as {@link readPayload} */
export async function proveBatchItem(parts: HostParts, request: ItemRequest): Promise<ItemProof> {
  const { kept } = await readKept(parts, request);
  return proveItem(kept, request.index);
}

async function readKept(parts: HostParts, { line, reader: asking, in: place }: PayloadRequest) {
  const record = readPayloadRecord(parts.store, line);
  const found = payloadAt(parts, line, record);
  if (place && record && record.channel !== place.channel) throw fail('not_found');
  if (!found && record) throw fail('gone', { extra: { heldBy: holdersOf(parts, record.erased) } });
  if (!found) throw fail('not_found');
  const { channel, kept } = found;
  const { module } = parts.modules.find(kept.payload.module);
  if (place && (place.channel !== channel || place.module !== module.name)) throw fail('not_found');
  const reader = await readerOf(parts, { channel, module, time: nowOf(parts) }, asking);
  if (!mayReadPayload(parts, channel, kept.payload, reader)) {
    const object = record && overseenObject(parts, { channel, module, payload: kept.payload, reader });
    if (object === undefined) throw fail('permission_denied');
    await recordRead(parts, reader, { module: module.name, object, line, head: line });
  }
  return found;
}

/** An object of the payload that the reader oversees. The key of a blind relation is for its parties alone. */
function overseenObject(
  parts: HostParts,
  { channel, module, payload, reader }: Overseen,
): string | undefined {
  const plain = plainReader(parts, reader);
  if (!plain || payload.relation !== undefined) return undefined;
  return payload.objects.find(({ id }) => {
    const row = readObjectRow(parts.store, parts.vault, { channel, module: module.name, id });
    return row && module.visible(row.state, reader);
  })?.id;
}

interface Overseen {
  readonly channel: string;
  readonly module: Module;
  readonly payload: Payload;
  readonly reader: Reader;
}

interface FoundPayload {
  readonly channel: string;
  readonly kept: Kept;
  readonly verdict: Verdict;
  readonly committed?: SharedPayload;
}

/** What this party keeps of a line, or every node has; undefined where that is nothing, or was erased. */
function payloadAt(
  parts: HostParts,
  line: string,
  record: PayloadRecord | undefined,
): FoundPayload | undefined {
  if (record) {
    const { channel, verdict, sealed } = record;
    return sealed ? { channel, verdict, kept: openKept(parts.vault, line, sealed) } : undefined;
  }
  const found = sharedLine(parts, line);
  if (!found) return undefined;
  const { channel, payload, salt, committed } = found;
  return { channel, verdict: 'checked', kept: { payload, salt }, committed };
}
