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
import { type ObjectName, type ObjectRow, readObjectRow } from '../store/object-rows.ts';
import { openKept, readPayloadRecord } from '../store/payload-records.ts';
import { type EvidenceLine, MAX_EVIDENCE_LINES, type ObjectEvidence } from './object-evidence.ts';

export interface EvidenceRequest {
  readonly channel: string;
  /** Digest in hex, or `name@version`. */
  readonly module: string;
  readonly id: string;
  readonly reader: Asking;
}

/** @throws AppError module_unknown, not_found, permission_denied; out_of_range above 2000 lines */
export async function showEvidence(parts: HostParts, request: EvidenceRequest): Promise<ObjectEvidence> {
  const { channel, id } = request;
  const { module } = parts.modules.find(request.module);
  const row = readObjectRow(parts.store, parts.vault, { channel, module: module.name, id });
  if (!row) throw fail('not_found');
  const reader = await readerOf(parts, { channel, module, time: nowOf(parts) }, request.reader);
  if (!module.visible(row.state, reader)) throw fail('permission_denied');
  if (isOverseen(module, row.state, plainReader(parts, reader)))
    await recordRead(parts, reader, { module: module.name, object: id, line: null, head: row.head });
  return evidenceOf(parts, { channel, module: module.name, id }, (kept) =>
    mayOpen(parts, { channel, module, row, kept, reader }),
  );
}

/** What this party keeps of an object, by the lines that the ledger has of it. @throws AppError out_of_range */
export function evidenceOf(
  parts: HostParts,
  name: ObjectName,
  mayShow: (kept: Kept) => boolean,
): ObjectEvidence {
  const ref = refOfObject(name.module, name.id);
  const count = parts.view.head(name.channel, ref)?.count ?? 0;
  if (count > MAX_EVIDENCE_LINES) throw fail('out_of_range', { extra: { lines: MAX_EVIDENCE_LINES } });
  const lines = Array.from({ length: count }, (_, i): EvidenceLine => {
    const line = parts.view.lineAt(name.channel, ref, i + 1) ?? '';
    const sealed = readPayloadRecord(parts.store, line)?.sealed;
    const kept = sealed ? openKept(parts.vault, line, sealed) : null;
    return { line, kept: kept && mayShow(kept) ? kept : null };
  });
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
