import {
  type Bytes,
  type CborValue,
  decodeCbor,
  encodeCbor,
  type Random,
  type StoreWriter,
  toHex,
  unixSeconds,
} from '@attestel/core';
import { buildDispute, digestOf } from '@attestel/registry';
import { lineAuthor } from '../blind/line-author.ts';
import { hasCommonActor } from '../blind/share-common-actor.ts';
import { VALIDITY_SECONDS } from '../commands/build-line-of.ts';
import type { HostParts } from '../host-parts.ts';
import { refOfObject } from '../ledger-view.ts';
import { readObjectRow } from '../store/object-rows.ts';
import { openKept, readPayloadRecord } from '../store/payload-records.ts';
import { lineKey, TABLES } from '../store/tables.ts';

/** Why this party does not agree with a line, kept to open the commitment on the ledger. */
export interface DisputeRow {
  readonly channel: string;
  /** Object whose line it is. */
  readonly id: string;
  readonly reasons: readonly string[];
  readonly salt: Bytes;
  /** `open`: the ledger is still to be told; `raised`, or the ledger's reason why not. */
  readonly status: string;
}

const writeDispute = (writer: StoreWriter, line: string, row: DisputeRow): void =>
  writer.put(TABLES.dispute, lineKey(line), encodeCbor(row as unknown as CborValue));

export function noteDispute(
  writer: StoreWriter,
  line: string,
  { random, ...row }: Pick<DisputeRow, 'channel' | 'id' | 'reasons'> & { readonly random: Random },
): void {
  if (writer.get(TABLES.dispute, lineKey(line))) return;
  writeDispute(writer, line, { ...row, salt: random.bytes(32), status: 'open' });
}

export const listDisputes = ({
  store,
}: Pick<HostParts, 'store'>): readonly (readonly [string, DisputeRow])[] =>
  Array.from(store.range(TABLES.dispute), ([key, value]) => [
    toHex(key),
    decodeCbor(value) as unknown as DisputeRow,
  ]);

/** Tells the ledger of every dispute that it does not know yet. A ledger that does not answer is asked again later. */
export async function raiseDisputes(parts: HostParts): Promise<void> {
  for (const [line, row] of listDisputes(parts)) {
    if (row.status !== 'open') continue;
    const status = await raise(parts, line, row);
    if (status !== 'open')
      await parts.store.transact((writer) => writeDispute(writer, line, { ...row, status }));
  }
}

async function raise(
  parts: HostParts,
  line: string,
  { channel, id, reasons, salt }: DisputeRow,
): Promise<string> {
  const record = readPayloadRecord(parts.store, line);
  // Erased meanwhile: there is nothing left to disagree with.
  if (!record?.sealed) return 'erased';
  const { payload } = openKept(parts.vault, line, record.sealed);
  const { module } = parts.modules.find(payload.module);
  const ref = refOfObject(module.name, id);
  const head = parts.view.head(channel, ref);
  if (!head) return 'open';
  const row = readObjectRow(parts.store, parts.vault, { channel, module: module.name, id });
  const relation = row ? row.relation : payload.relation;
  const relations = relation === undefined ? [] : [relation];
  if (module.blind && !(await hasCommonActor(parts, channel))) return 'open';
  const operation = await buildDispute({
    network: parts.ledger.network,
    channel,
    notAfter: Math.max(unixSeconds(parts.clock), parts.ledger.head().time) + VALIDITY_SECONDS,
    ...lineAuthor(parts, module, { channel, relations }),
    ref,
    head: head.line,
    digest: digestOf({ v: 1, line, reasons }, salt),
  });
  const [result] = await parts.ledger.submit([operation]);
  if (!result || result.ok) return result ? 'raised' : 'open';
  const { code, kind } = result.error;
  // A line that came in between is the one to be marked: next time.
  return kind === 'unavailable' || code === 'line_head_conflict' ? 'open' : code;
}
