import { canonicalizeJson, decodeCbor, fromUtf8, isAppError, toHex } from '@attestel/core';
import { EVENT_MODULE, type Line } from '@attestel/registry';
import { fail } from '../../errors.ts';
import { plainReader } from '../access/oversight.ts';
import { recordQuery } from '../access/record-read.ts';
import type { HostParts } from '../host-parts.ts';
import { refOfObject } from '../ledger-view.ts';
import { nowOf } from '../queries/read-objects.ts';
import { type Asking, readerOf } from '../queries/reader-of.ts';
import { type ObjectName, readObjectRow } from '../store/object-rows.ts';
import { openKept, type PayloadRecord, readPayloadRecord } from '../store/payload-records.ts';
import { afterPrefix, objectKey, TABLES } from '../store/tables.ts';
import { checkEvidence } from './check-evidence.ts';
import type { PastReads } from './decide-again.ts';
import { provedReads } from './proved-reads.ts';
import { evidenceOf } from './show-evidence.ts';

/** An object that the ledger, or the rules, do not bear out. */
export interface AuditFinding {
  /** Null where only a line is there, whose record is gone. */
  readonly id: string | null;
  /** Hex; null where the ledger has no line of it. */
  readonly line: string | null;
  /**
   * `no_line`: kept, and not on the ledger; `record_missing`: on the ledger, and neither kept nor erased; `state`, `digest`, `items`
   * …: kept otherwise than the ledger has it; else the code with which the rules refuse it, such as `consent_revoked`.
   */
  readonly why: string;
}

export interface Audit {
  /** Objects looked at. */
  readonly objects: number;
  /** Of these, with a payload that was erased: what is left was compared. */
  readonly erased: number;
  readonly findings: readonly AuditFinding[];
}

export interface AuditRequest {
  readonly channel: string;
  /** Digest in hex, or `name@version`. */
  readonly module: string;
  readonly reader: Asking;
}

/**
 * Compares all that this party keeps of a module with the ledger, and does every command again on what was then: a record
 * written past the host is found, and so is one that the rules of its time forbade. For the party itself, regulators and
 * auditors of the channel. @throws AppError module_unknown, permission_denied
 */
export async function auditObjects(parts: HostParts, request: AuditRequest): Promise<Audit> {
  const { channel } = request;
  const { module } = parts.modules.find(request.module);
  const reader = await readerOf(parts, { channel, module, time: nowOf(parts) }, request.reader);
  const mayAudit =
    reader.party === parts.party.did ||
    reader.roles.includes('regulator') ||
    reader.holds('Auditor', { channel }) !== undefined;
  if (!mayAudit) throw fail('permission_denied');
  if (plainReader(parts, reader)) await recordQuery(parts, reader, { module: module.name, query: 'audit' });
  const findings = new Map<string, AuditFinding>();
  const ids = new Set(idsKept(parts, channel, module.name));
  for (const { id, line } of strayRecords(parts, channel, module.name)) {
    ids.add(id);
    findings.set(id, { id, line, why: 'no_line' });
  }
  const reads = provedReads(parts, (name) => evidenceOf(parts, name, () => true));
  let erased = 0;
  for (const id of [...ids].sort()) {
    if (findings.has(id)) continue;
    const audited = await auditOne(parts, { channel, module: module.name, id }, reads);
    if (audited.finding) findings.set(id, { id, ...audited.finding });
    erased += audited.gaps > 0 ? 1 : 0;
  }
  const lost = linesWithoutRecord(parts, channel, module.name);
  return { objects: ids.size, erased, findings: [...findings.values(), ...lost] };
}

type Audited = { readonly gaps: number; readonly finding?: Omit<AuditFinding, 'id'> };

async function auditOne(parts: HostParts, name: ObjectName, reads: PastReads): Promise<Audited> {
  const head = parts.view.head(name.channel, refOfObject(name.module, name.id));
  if (!head) return { gaps: 0, finding: { line: null, why: 'no_line' } };
  const line = toHex(head.line);
  try {
    const evidence = evidenceOf(parts, name, () => true);
    const lost = evidence.lines.find((one) => !readPayloadRecord(parts.store, one.line));
    // Told once, among the lines.
    if (lost) return { gaps: 0 };
    const { state, gaps } = await checkEvidence(parts, evidence, reads);
    const row = readObjectRow(parts.store, parts.vault, name);
    const isSame = row?.head === line && canonicalizeJson(row.state) === canonicalizeJson(state);
    return isSame ? { gaps } : { gaps, finding: { line, why: 'state' } };
  } catch (error) {
    if (!isAppError(error) && !(error instanceof TypeError)) throw error;
    const why = isAppError(error) ? String(error.extra.why ?? error.code) : 'unreadable';
    return { gaps: 0, finding: { line, why } };
  }
}

function* idsKept({ store }: HostParts, channel: string, module: string): Iterable<string> {
  const from = objectKey(channel, module, '');
  for (const [key] of store.range(TABLES.object, { from, to: afterPrefix(fromUtf8(from)) }))
    yield fromUtf8(key.subarray(from.length));
}

/** Payloads of lines that there are not. What cannot be opened says nothing of what it is: `verify` names it. */
function* strayRecords(
  parts: HostParts,
  channel: string,
  module: string,
): Iterable<{ readonly id: string; readonly line: string }> {
  for (const [key, value] of parts.store.range(TABLES.payload)) {
    const line = toHex(key);
    const record = decodeCbor(value) as unknown as PayloadRecord;
    if (record.channel !== channel || !record.sealed || parts.view.line(channel, line)) continue;
    try {
      const { payload } = openKept(parts.vault, line, record.sealed);
      if (parts.modules.find(payload.module).module.name === module) yield { id: payload.id, line };
    } catch (error) {
      if (!isAppError(error) && !(error instanceof TypeError)) throw error;
    }
  }
}

/** This party's own lines of the module whose payload it neither has nor erased. */
function linesWithoutRecord(parts: HostParts, channel: string, module: string): readonly AuditFinding[] {
  const digests = new Set(
    parts.modules.all.flatMap((known) => (known.module.name === module ? [known.digest] : [])),
  );
  const prefix = `${channel}|line|`;
  const found: AuditFinding[] = [];
  for (const [key, value] of parts.ledger.state(EVENT_MODULE).list(prefix)) {
    const { actor, moduleDigest } = value as unknown as Line;
    if (actor !== parts.party.did || !moduleDigest || !digests.has(toHex(moduleDigest))) continue;
    const line = key.slice(prefix.length);
    if (!readPayloadRecord(parts.store, line)) found.push({ id: null, line, why: 'record_missing' });
  }
  return found;
}
