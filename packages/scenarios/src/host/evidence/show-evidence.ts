import { fail } from '../../errors.ts';
import type { Module, Reader } from '../../module/module.ts';
import { isOverseen, plainReader } from '../access/oversight.ts';
import { recordRead } from '../access/record-read.ts';
import { receiversOf } from '../fold/fold-line.ts';
import type { HostParts } from '../host-parts.ts';
import { refOfObject } from '../ledger-view.ts';
import type { Kept } from '../payload/payload.schema.ts';
import { nowOf } from '../queries/read-objects.ts';
import { type Asking, readerOf } from '../queries/reader-of.ts';
import { type ObjectRow, readObjectRow } from '../store/object-rows.ts';
import { countOf, keptBytes, keptLines } from './kept-lines.ts';
import {
  type EvidenceLine,
  MAX_EVIDENCE_BYTES,
  MAX_EVIDENCE_LINES,
  type ObjectEvidence,
} from './object-evidence.ts';
import { createPause } from './turns.ts';

export interface EvidenceRequest {
  readonly channel: string;
  /** Digest in hex, or `name@version`. */
  readonly module: string;
  readonly id: string;
  readonly reader: Asking;
}

/** @throws AppError module_unknown, not_shared, not_found, permission_denied; out_of_range above 20,000 lines or 16 MiB */
export async function showEvidence(parts: HostParts, request: EvidenceRequest): Promise<ObjectEvidence> {
  const { channel, id } = request;
  const { module } = parts.modules.find(request.module);
  const name = { channel, module: module.name, id };
  // Its lines prove it to whoever has the ledger: there is nothing of a party's to be shown.
  if (parts.view.head(channel, refOfObject(module.name, id))?.shared) throw fail('not_shared');
  const row = readObjectRow(parts.store, parts.vault, name);
  if (!row) throw fail('not_found');
  const reader = await readerOf(parts, { channel, module, time: nowOf(parts) }, request.reader);
  if (!module.visible(row.state, reader)) throw fail('permission_denied');
  if (isOverseen(module, row.state, plainReader(parts, reader)))
    await recordRead(parts, reader, { module: module.name, object: id, line: null, head: row.head });
  const to = countOf(parts, name);
  if (to > MAX_EVIDENCE_LINES) throw fail('out_of_range', { extra: { lines: MAX_EVIDENCE_LINES } });
  const lines: EvidenceLine[] = [];
  const pause = createPause();
  let bytes = 0;
  const mayShow = (kept: Kept) => mayOpen(parts, { channel, module, row, kept, reader });
  for (const line of keptLines(parts, name, { from: 1, to }, mayShow)) {
    lines.push(line);
    bytes += keptBytes(parts, name, lines.length);
    if (bytes > MAX_EVIDENCE_BYTES) throw fail('out_of_range', { extra: { bytes: MAX_EVIDENCE_BYTES } });
    await pause();
  }
  return { v: 1, ...name, lines };
}

interface Opening {
  readonly channel: string;
  readonly module: Module;
  /** Of the object that is shown. */
  readonly row: ObjectRow;
  readonly kept: Kept;
  readonly reader: Reader;
}

/**
 * Whom it was given to, with what was said before they became part of the object; who acted; and whoever oversees the channel: blind
 * ones carry a key, so only the former.
 */
export function mayOpen(parts: HostParts, { channel, module, row, kept, reader }: Opening): boolean {
  const { payload } = kept;
  if (payload.actor === reader.actor || row.complete.includes(reader.party)) return true;
  if (receiversOf(parts, channel, payload.parties).includes(reader.party)) return true;
  return (
    module.blind !== true &&
    (reader.roles.includes('regulator') || reader.holds('Auditor', { channel }) !== undefined)
  );
}
