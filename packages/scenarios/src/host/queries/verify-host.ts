import { canonicalizeJson, decodeCbor, equalBytes, isAppError, type JsonValue, toHex } from '@attestel/core';
import { refold } from '../fold/refold.ts';
import type { HostParts } from '../host-parts.ts';
import { refOfObject } from '../ledger-view.ts';
import { hasItsItems } from '../payload/batch-items.ts';
import { commitmentOf } from '../payload/commitment-of.ts';
import { hasTags, tagsOf } from '../store/object-index.ts';
import { type ObjectName, readObjectRow, storedTags } from '../store/object-rows.ts';
import { openKept, type PayloadRecord } from '../store/payload-records.ts';
import { TABLES } from '../store/tables.ts';

/** Something that this party keeps and the ledger does not bear out. */
export interface HostFault {
  /** Line of a payload, hex; of an object, its last. */
  readonly line: string;
  /** Place of the line in the log; -1 where the log has no such line. */
  readonly index: number;
  readonly what: 'no_line' | 'unreadable' | 'digest' | 'items' | 'state' | 'index';
}

export interface HostVerification {
  readonly payloads: number;
  readonly erased: number;
  readonly objects: number;
  /** In the order of the log. */
  readonly faults: readonly HostFault[];
}

/**
 * Compares every payload with its line, and every state with what lines and payloads make of it. The ledger itself is
 * for `verifyLedger` to check.
 */
export function verifyHost(parts: HostParts): HostVerification {
  const faults: HostFault[] = [];
  let [payloads, erased] = [0, 0];
  const report = (line: string, what: HostFault['what']): void =>
    void faults.push({ line, index: parts.view.indexOf(line) ?? -1, what });
  for (const [key, value] of parts.store.range(TABLES.payload)) {
    const line = toHex(key);
    const record = decodeCbor(value) as unknown as PayloadRecord;
    payloads += 1;
    if (record.sealed === null) erased += 1;
    const what = faultOf(parts, line, record);
    if (what) report(line, what);
  }
  const objects = verifyObjects(parts, report);
  return { payloads, erased, objects, faults: faults.sort((a, b) => a.index - b.index) };
}

function faultOf(parts: HostParts, line: string, record: PayloadRecord): HostFault['what'] | undefined {
  const onLedger = parts.view.line(record.channel, line);
  if (!onLedger) return 'no_line';
  if (record.sealed === null) return undefined;
  try {
    const kept = openKept(parts.vault, line, record.sealed);
    if (!equalBytes(commitmentOf(kept), onLedger.digest)) return 'digest';
    return hasItsItems(kept) ? undefined : 'items';
  } catch (error) {
    if (!isAppError(error) && !(error instanceof TypeError)) throw error;
    return 'unreadable';
  }
}

function verifyObjects(parts: HostParts, report: (line: string, what: HostFault['what']) => void): number {
  let objects = 0;
  for (const [key] of parts.store.range(TABLES.object)) {
    const [channel = '', module = '', id = ''] = new TextDecoder().decode(key).split('|');
    objects += 1;
    const name = { channel, module, id };
    try {
      verifyObject(parts, name, report);
    } catch (error) {
      if (!isAppError(error) && !(error instanceof TypeError)) throw error;
      const head = parts.view.head(channel, refOfObject(module, id));
      report(head ? toHex(head.line) : '', 'unreadable');
    }
  }
  return objects;
}

function verifyObject(
  parts: HostParts,
  name: ObjectName,
  report: (line: string, what: HostFault['what']) => void,
): void {
  const row = readObjectRow(parts.store, parts.vault, name);
  if (!row) return;
  const made = refold(parts, parts.store, name, { count: row.count });
  if (made?.head !== row.head || canonical(made.state) !== canonical(row.state)) report(row.head, 'state');
  if (!isIndexed(parts, name, row.state)) report(row.head, 'index');
}

/** Whether the object is found by what its state says. */
function isIndexed(parts: HostParts, name: ObjectName, state: JsonValue): boolean {
  const tags = tagsOf(parts, name, state);
  const stored = storedTags(parts.store, name);
  return stored !== undefined && equalBytes(stored, tags) && hasTags(parts.store, name.id, tags);
}

const canonical = (state: JsonValue | undefined): string => canonicalizeJson(state ?? null);
