import { fail } from '../../errors.ts';
import { digestOfModule } from '../../module/declaration.ts';
import type { Module } from '../../module/module.ts';
import { plainReader } from '../access/oversight.ts';
import { recordQuery } from '../access/record-read.ts';
import type { HostParts } from '../host-parts.ts';
import { nowOf } from '../queries/read-objects.ts';
import { type Asking, readerOf } from '../queries/reader-of.ts';
import { isShared } from '../shared/shared-objects.ts';
import { type AuditFinding, type AuditUnchecked, auditObject } from './audit-object.ts';
import { type Audited, idsKept, linesWithoutRecord, strayRecords } from './audit-records.ts';
import type { PastReads } from './decide-again.ts';
import { countOf, keptLines } from './kept-lines.ts';
import { MAX_EVIDENCE_LINES } from './object-evidence.ts';
import { provedReads } from './proved-reads.ts';
import { createPause, type Pause } from './turns.ts';

export interface Audit {
  /**
   * `faulty`: something is found; else `incomplete`: something could not be checked; else `ok`: ledger and rules bear out all
   * that is kept.
   */
  readonly result: 'ok' | 'incomplete' | 'faulty';
  /** Objects looked at. */
  readonly objects: number;
  /** Of these, with a payload that was erased: what is left was compared. */
  readonly erased: number;
  readonly findings: readonly AuditFinding[];
  readonly unchecked: readonly AuditUnchecked[];
  /** Entries of both lists that are left out, since a list holds 10,000 at most. */
  readonly more: number;
}

export interface AuditRequest {
  readonly channel: string;
  /** Digest in hex, or `name@version`. */
  readonly module: string;
  readonly reader: Asking;
  /** Aborted when nobody waits for it any more. */
  readonly signal?: AbortSignal;
}

const MAX_LISTED = 10_000;
/** Objects after which what was proved of others is forgotten, so that memory stays bounded. */
const FORGET_AFTER = 256;

/**
 * Compares all that this party keeps of a module with the ledger, and does every command again on what was then: a record
 * written past the host is found, and so is one that the rules of its time forbade; what could not be checked is told. It is
 * done in small steps, between which the node answers others. For the party itself, regulators and auditors of the channel.
 * @throws AppError module_unknown, permission_denied, not_shared, stopped
 */
export async function auditObjects(parts: HostParts, request: AuditRequest): Promise<Audit> {
  const { channel, signal } = request;
  const { module } = parts.modules.find(request.module);
  await assertMayAudit(parts, request, module);
  // Every node has executed them: what the ledger proves is their state.
  if (isShared(parts.ledger, channel, digestOfModule(module))) throw fail('not_shared');
  const [pause, list] = [createPause(signal), createList()];
  const audited = { channel, module: module.name };
  const stray = await findStray(parts, { audited, pause, list });
  let [objects, erased] = [stray.size, 0];
  let reads = readsKept(parts, pause);
  for await (const id of idsKept(parts, audited, pause)) {
    if (stray.has(id)) continue;
    objects += 1;
    if (objects % FORGET_AFTER === 0) reads = readsKept(parts, pause);
    const { gaps, finding, unchecked } = await auditObject(parts, { ...audited, id }, { reads, pause });
    if (finding) list.find(finding);
    for (const one of unchecked) list.leave(one);
    erased += gaps > 0 ? 1 : 0;
    await pause();
  }
  for await (const line of linesWithoutRecord(parts, audited, pause))
    list.find({ id: null, line, why: 'record_missing' });
  // Its lines name neither module nor author: nobody can tell of which there should be a record.
  if (module.blind) list.leave({ id: null, line: null, why: 'blind', lines: 0 });
  return { ...list.result(), objects, erased };
}

/** @returns objects that have a payload of no line */
async function findStray(
  parts: HostParts,
  { audited, pause, list }: { readonly audited: Audited; readonly pause: Pause; readonly list: List },
): Promise<ReadonlySet<string>> {
  const stray = new Set<string>();
  for await (const { id, line } of strayRecords(parts, audited, pause)) {
    if (id === null) {
      list.leave({ id, line, why: 'unreadable', lines: 1 });
      continue;
    }
    stray.add(id);
    list.find({ id, line, why: 'no_line' });
  }
  return stray;
}

async function assertMayAudit(parts: HostParts, { channel, reader: asking }: AuditRequest, module: Module) {
  const reader = await readerOf(parts, { channel, module, time: nowOf(parts) }, asking);
  const mayAudit =
    reader.party === parts.party.did ||
    reader.roles.includes('regulator') ||
    reader.holds('Auditor', { channel }) !== undefined;
  if (!mayAudit) throw fail('permission_denied');
  if (plainReader(parts, reader)) await recordQuery(parts, reader, { module: module.name, query: 'audit' });
}

/** What commands read, made of this party's own records. */
const readsKept = (parts: HostParts, pause: Pause): PastReads =>
  provedReads(
    parts,
    (name) => {
      const to = countOf(parts, name);
      if (to === 0 || to > MAX_EVIDENCE_LINES) return undefined;
      return { ...name, lines: keptLines(parts, name, { from: 1, to }) };
    },
    pause,
  );

type List = ReturnType<typeof createList>;

function createList() {
  const findings: AuditFinding[] = [];
  const unchecked: AuditUnchecked[] = [];
  let more = 0;
  const add = <T>(list: T[], one: T): void => {
    if (list.length < MAX_LISTED) list.push(one);
    else more += 1;
  };
  return {
    find: (finding: AuditFinding): void => add(findings, finding),
    leave: (one: AuditUnchecked): void => add(unchecked, one),
    result(): Pick<Audit, 'result' | 'findings' | 'unchecked' | 'more'> {
      const left = unchecked.length > 0 ? 'incomplete' : 'ok';
      return { result: findings.length > 0 ? 'faulty' : left, findings, unchecked, more };
    },
  };
}
