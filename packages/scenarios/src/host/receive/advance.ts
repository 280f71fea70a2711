import type { StoreWriter } from '@attestel/core';
import { fail } from '../../errors.ts';
import { foldLine, receiversOf } from '../fold/fold-line.ts';
import type { HostParts } from '../host-parts.ts';
import { refOfObject } from '../ledger-view.ts';
import type { Kept } from '../payload/payload.schema.ts';
import { readObjectRow } from '../store/object-rows.ts';
import { openKept, readPayloadRecord, writePayloadRecord } from '../store/payload-records.ts';
import { checkPayload } from './check-payload.ts';
import { foldStub } from './fold-stub.ts';
import { noteDispute } from './raise-dispute.ts';

/** Parcels are taken in one after another. */
export const RECEIVING = '*';

interface Place {
  readonly channel: string;
  readonly module: string;
}

/** Folds what has come of these objects, in the order of their lines, as far as it goes. Runs alone. */
export async function advance(parts: HostParts, place: Place, ids: readonly string[]): Promise<void> {
  const open = new Set(ids);
  for (const id of open) {
    const more = await step(parts, place, id);
    if (!more) open.delete(id);
    // What stood behind this line may move others now; a set yields what is added while it is walked.
    for (const one of more ?? []) {
      open.delete(one);
      open.add(one);
    }
  }
}

/** Folds the next line of an object. @returns objects that it moved, or undefined where there is nothing to fold */
async function step(parts: HostParts, place: Place, id: string): Promise<readonly string[] | undefined> {
  const { channel, module } = place;
  const line = nextLine(parts, place, id);
  const record = line === undefined ? undefined : readPayloadRecord(parts.store, line);
  const onLedger = line === undefined ? undefined : parts.view.line(channel, line);
  if (line === undefined || !record || !onLedger) return undefined;
  if (record.sealed === null) return foldStub(parts, { channel, module, id, line, onLedger });
  const kept = openKept(parts.vault, line, record.sealed);
  const objects = followedOf(parts, place, kept);
  if (!objects.includes(id) || !objects.every((one) => nextLine(parts, place, one) === line))
    return undefined;
  const checking = { channel, line, onLedger, kept, objects };
  const settled = record.verdict === 'accepted' || isSettled(parts, place, objects);
  if (record.verdict === 'disputed' && !settled) return undefined;
  const check = settled ? ({ verdict: 'unchecked' } as const) : await checkPayload(parts, checking);
  if (check.verdict === 'disputed') {
    await parts.store.transact((writer: StoreWriter) => {
      writePayloadRecord(writer, line, { ...record, verdict: 'disputed' });
      noteDispute(writer, line, { channel, id, reasons: check.reasons, random: parts.random });
    });
    parts.wake();
    return undefined;
  }
  const number = await parts.store.transact((writer) =>
    foldLine(parts, writer, { ...checking, verdict: check.verdict }),
  );
  parts.folded({ number, channel, line });
  return objects;
}

/** @throws AppError not_found */
export function acceptDisputed(parts: HostParts, line: string): Promise<void> {
  return parts.lock.run([RECEIVING], async () => {
    const record = readPayloadRecord(parts.store, line);
    if (record?.verdict !== 'disputed' || !record.sealed) throw fail('not_found');
    const { payload } = openKept(parts.vault, line, record.sealed);
    const { module } = parts.modules.find(payload.module);
    await parts.store.transact((writer) =>
      writePayloadRecord(writer, line, { ...record, verdict: 'accepted' }),
    );
    const ids = payload.objects.map(({ id }) => id);
    await advance(parts, { channel: record.channel, module: module.name }, ids);
  });
}

function nextLine(parts: HostParts, { channel, module }: Place, id: string): string | undefined {
  const row = readObjectRow(parts.store, parts.vault, { channel, module, id });
  return parts.view.lineAt(channel, refOfObject(module, id), (row?.count ?? 0) + 1);
}

/** Objects of a payload that this party follows: it is named, or was named later and given what was before. */
export function followedOf(parts: HostParts, place: Place, kept: Kept): readonly string[] {
  const ids = kept.payload.objects.map(({ id }) => id);
  return ids.filter((id) => isNamed(parts, place.channel, kept, id) || isNamedLater(parts, place, id));
}

function isNamed(parts: HostParts, channel: string, { payload }: Kept, id: string): boolean {
  const me = parts.party.did;
  const about = payload.events.filter((event) => (event.object ?? payload.id) === id);
  return (
    payload.party === me || about.some(({ parties }) => receiversOf(parts, channel, parties).includes(me))
  );
}

/** From the newest line back: whoever joins does so at the end. */
function isNamedLater(parts: HostParts, { channel, module }: Place, id: string): boolean {
  const ref = refOfObject(module, id);
  const count = readObjectRow(parts.store, parts.vault, { channel, module, id })?.count ?? 0;
  for (let number = parts.view.head(channel, ref)?.count ?? 0; number > count; number -= 1) {
    const line = parts.view.lineAt(channel, ref, number);
    const record = line === undefined ? undefined : readPayloadRecord(parts.store, line);
    if (line === undefined || !record?.sealed) continue;
    if (isNamed(parts, channel, openKept(parts.vault, line, record.sealed), id)) return true;
  }
  return false;
}

/** Whether a later line ended a dispute by the signatures that takes: then what was disputed stands. */
function isSettled(parts: HostParts, { channel, module }: Place, ids: readonly string[]): boolean {
  return ids.some((id) => {
    const ref = refOfObject(module, id);
    const count = readObjectRow(parts.store, parts.vault, { channel, module, id })?.count ?? 0;
    const last = parts.view.head(channel, ref)?.count ?? 0;
    for (let number = count + 2; number <= last; number += 1) {
      const line = parts.view.lineAt(channel, ref, number);
      if (line !== undefined && (parts.view.line(channel, line)?.resolved.length ?? 0) > 0) return true;
    }
    return false;
  });
}
