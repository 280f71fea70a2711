import { type Bytes, decodeCbor, encodeCbor, type StoreReader, type StoreWriter, utf8 } from '@attestel/core';
import type { Line } from '@attestel/registry';
import { EVERYONE } from '../../module/module.ts';
import { sorted } from '../commands/rule-of.ts';
import type { FoldedLine, HostParts } from '../host-parts.ts';
import { refOfObject } from '../ledger-view.ts';
import { putOutbox } from '../outbox/outbox-rows.ts';
import type { Kept } from '../payload/payload.schema.ts';
import { type ObjectRow, readStoredRow, type StoredRow, writeObjectRow } from '../store/object-rows.ts';
import { sealKept, writePayloadRecord } from '../store/payload-records.ts';
import { numberKey, numberOf, TABLES } from '../store/tables.ts';
import { nextRows } from './next-rows.ts';

export interface LineToFold {
  readonly channel: string;
  readonly line: string;
  /** As the ledger has it. */
  readonly onLedger: Line;
  readonly kept: Kept;
  /** The payload under the key of its line, where it was sealed before. */
  readonly sealed?: Bytes;
  readonly verdict: 'checked' | 'unchecked';
  /** Ids of its objects that this party follows; each is at the line before. */
  readonly objects: readonly string[];
  /** Those of them that were read before, by id. */
  readonly known?: ReadonlyMap<string, StoredRow>;
}

/**
 * Writes all that a line brings, in one transaction: payload, states, parcels, credentials. The keys of payload and
 * objects have been made. @returns its number in the feed
 */
export function foldLine(parts: HostParts, writer: StoreWriter, folding: LineToFold): number {
  const { vault, modules, credentials, party } = parts;
  const { channel, line, onLedger, kept, verdict, objects } = folding;
  const sealed = folding.sealed ?? sealKept(vault, line, kept);
  const { payload } = kept;
  const { module } = modules.find(payload.module);
  const nameOf = (id: string) => ({ channel, module: module.name, id });
  writePayloadRecord(writer, line, { channel, verdict, sealed, erased: null });
  const receivers = receiversOf(parts, channel, payload.parties);
  const stored = new Map(
    objects.map((id) => [id, readStoredRow(writer, vault, nameOf(id), folding.known?.get(id))]),
  );
  const before = new Map(Array.from(stored, ([id, found]) => [id, found?.row]));
  const checked = verdict === 'checked';
  const after = nextRows({ module, payload, line, time: onLedger.time, receivers, checked }, before);
  for (const [id, row] of after) writeObjectRow(writer, parts, nameOf(id), { row, before: stored.get(id) });
  if (payload.party === party.did) {
    for (const id of objects) sendEarlier(parts, writer, { ...nameOf(id), row: before.get(id), receivers });
    for (const to of receivers)
      if (to !== party.did) putOutbox(writer, { to, kind: 'payload', channel, line });
  }
  if (payload.issued.length > 0)
    credentials.keep(
      writer,
      channel,
      payload.issued.map(({ jwt }) => jwt),
    );
  return appendToFeed(writer, channel, line);
}

/** Organisations that get a payload, the acting one among them, sorted. */
export const receiversOf = (
  { view }: Pick<HostParts, 'view'>,
  channel: string,
  parties: readonly string[],
): readonly string[] =>
  sorted(parties.flatMap((one) => (one === EVERYONE ? view.membersOf(channel) : [one])));

interface Earlier {
  readonly channel: string;
  readonly module: string;
  readonly id: string;
  readonly row: ObjectRow | undefined;
  readonly receivers: readonly string[];
}

/** Who becomes part of an object gets what was said of it before. */
function sendEarlier({ view }: HostParts, writer: StoreWriter, earlier: Earlier): void {
  const { channel, module, id, row, receivers } = earlier;
  if (!row) return;
  const ref = refOfObject(module, id);
  const news = receivers.filter((to) => !row.complete.includes(to));
  for (let number = 1; news.length > 0 && number <= row.count; number += 1) {
    const line = view.lineAt(channel, ref, number);
    if (line) for (const to of news) putOutbox(writer, { to, kind: 'payload', channel, line });
  }
}

/** Lines after a number, in order. */
export const readFeed = (reader: StoreReader, after: number, limit: number): readonly FoldedLine[] =>
  Array.from(reader.range(TABLES.feed, { from: numberKey(after + 1), limit }), ([key, value]) => {
    const [channel, line] = decodeCbor(value) as unknown as readonly [string, string];
    return { number: numberOf(key), channel, line };
  });

/** Adds a line at the end. @returns its number */
export function appendToFeed(writer: StoreWriter, channel: string, line: string): number {
  const number = lastInFeed(writer) + 1;
  writer.put(TABLES.feed, numberKey(number), encodeCbor([channel, line]));
  writer.put(FEED_END, LAST, numberKey(number));
  return number;
}

/** The number of the newest line, which a transaction of many would else look for in all that it holds. */
const FEED_END = 'contract.feed-end';
const LAST = utf8('last');

function lastInFeed(reader: StoreReader): number {
  const known = reader.get(FEED_END, LAST);
  if (known) return numberOf(known);
  const [last] = reader.range(TABLES.feed, { reverse: true, limit: 1 });
  return last ? numberOf(last[0]) : 0;
}
