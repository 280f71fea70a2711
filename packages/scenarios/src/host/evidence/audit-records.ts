import { decodeCbor, fromUtf8, isAppError, toHex, utf8 } from '@attestel/core';
import { EVENT_MODULE, type Line } from '@attestel/registry';
import type { HostParts } from '../host-parts.ts';
import { openKept, type PayloadRecord, readPayloadRecord } from '../store/payload-records.ts';
import { isPrepared } from '../store/prepared-records.ts';
import { afterPrefix, objectKey, TABLES } from '../store/tables.ts';
import type { Pause } from './turns.ts';

/** What one step reads of a table. */
const PAGE = 500;

/** Module of a channel whose records are looked at. */
export interface Audited {
  readonly channel: string;
  /** Name, such as `data.provision`. */
  readonly module: string;
}

/** Ids of the objects that this party keeps, in their order. */
export async function* idsKept(
  { store }: HostParts,
  { channel, module }: Audited,
  pause: Pause,
): AsyncIterable<string> {
  const prefix = objectKey(channel, module, '');
  const to = afterPrefix(fromUtf8(prefix));
  for (let from = prefix; ; ) {
    const keys = Array.from(store.range(TABLES.object, { from, to, limit: PAGE }), ([key]) => key);
    const last = keys.at(-1);
    if (!last) return;
    for (const key of keys) yield fromUtf8(key.subarray(prefix.length));
    from = utf8(`${fromUtf8(last)}\0`);
    await pause();
  }
}

/** A payload of a line that there is not; `id` null: it cannot be opened, so nobody knows of what module it is. */
export interface StrayRecord {
  readonly id: string | null;
  /** Hex. */
  readonly line: string;
}

export async function* strayRecords(
  parts: HostParts,
  { channel, module }: Audited,
  pause: Pause,
): AsyncIterable<StrayRecord> {
  for (let from = new Uint8Array(); ; ) {
    const page = [...parts.store.range(TABLES.payload, { from, limit: PAGE })];
    const last = page.at(-1);
    if (!last) return;
    for (const [key, value] of page) {
      const line = toHex(key);
      const record = decodeCbor(value) as unknown as PayloadRecord;
      if (record.channel !== channel || !record.sealed || parts.view.line(channel, line)) continue;
      const found = objectOf(parts, line, record.sealed);
      if (found.id === null || found.module === module) yield { id: found.id, line };
    }
    from = new Uint8Array([...last[0], 0]);
    await pause();
  }
}

function objectOf(
  parts: HostParts,
  line: string,
  sealed: NonNullable<PayloadRecord['sealed']>,
): { readonly id: string; readonly module: string } | { readonly id: null } {
  try {
    const { payload } = openKept(parts.vault, line, sealed);
    return { id: payload.id, module: parts.modules.find(payload.module).module.name };
  } catch (error) {
    if (!isAppError(error) && !(error instanceof TypeError)) throw error;
    return { id: null };
  }
}

/** Line ids are digests, so their first digits part them evenly. */
const PARTS = 4096;
const DIGITS = 3;

/** This party's own lines of the module whose payload it neither has nor erased, nor is about to write. */
export async function* linesWithoutRecord(
  parts: HostParts,
  { channel, module }: Audited,
  pause: Pause,
): AsyncIterable<string> {
  const digests = new Set(
    parts.modules.all.flatMap((known) => (known.module.name === module ? [known.digest] : [])),
  );
  const table = `${channel}|line|`;
  for (let part = 0; part < PARTS; part += 1) {
    const prefix = table + part.toString(16).padStart(DIGITS, '0');
    for (const [key, value] of parts.ledger.state(EVENT_MODULE).list(prefix)) {
      const { actor, moduleDigest } = value as unknown as Line;
      if (actor !== parts.party.did || !moduleDigest || !digests.has(toHex(moduleDigest))) continue;
      const line = key.slice(table.length);
      if (!readPayloadRecord(parts.store, line) && !isPrepared(parts.store, line)) yield line;
    }
    await pause();
  }
}
