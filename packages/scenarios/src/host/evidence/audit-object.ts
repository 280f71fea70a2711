import { type Bytes, canonicalizeJson, equalBytes, isAppError, toHex } from '@attestel/core';
import type { HostParts } from '../host-parts.ts';
import { refOfObject } from '../ledger-view.ts';
import { type ObjectName, readObjectRow } from '../store/object-rows.ts';
import { readPayloadRecord } from '../store/payload-records.ts';
import { objectKey, TABLES } from '../store/tables.ts';
import { checkLines } from './check-evidence.ts';
import type { NotChecked, PastReads } from './decide-again.ts';
import { countOf, keptLines } from './kept-lines.ts';
import type { Pause } from './turns.ts';

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

/** Lines of an object that an audit could not do again, for one reason. */
export interface AuditUnchecked {
  /** Null where nobody can tell of which object. */
  readonly id: string | null;
  /** The first of them, hex; null where nobody can tell. */
  readonly line: string | null;
  /**
   * Beside the reasons of {@link NotChecked}: `payload_missing`: neither kept nor erased; `behind`: kept, and not part of the state
   * yet: it waits for another one, or is disputed; `changing`: the object was moved again and again meanwhile; `unreadable`: a
   * record of no line, which cannot be opened; `blind`: lines name no module, so a missing record is not noticed.
   */
  readonly why: NotChecked | 'payload_missing' | 'behind' | 'changing' | 'unreadable' | 'blind';
  /** How many; 0: nobody can tell. */
  readonly lines: number;
}

export interface AuditedObject {
  /** Lines whose payload was erased. */
  readonly gaps: number;
  readonly finding?: AuditFinding;
  readonly unchecked: readonly AuditUnchecked[];
}

interface Auditing {
  readonly reads: PastReads;
  readonly pause: Pause;
}

const TRIES = 3;

/** Audits one object, as often as it is changed meanwhile. @throws AppError stopped */
export async function auditObject(
  parts: HostParts,
  name: ObjectName,
  auditing: Auditing,
): Promise<AuditedObject> {
  for (let left = TRIES; left > 0; left -= 1) {
    const before = storedRow(parts, name);
    const audited = await auditOnce(parts, name, auditing);
    const after = storedRow(parts, name);
    if (before && after && equalBytes(before, after)) return audited;
  }
  const [line, lines] = [lineAt(parts, name, countOf(parts, name)), countOf(parts, name)];
  return { gaps: 0, unchecked: [{ id: name.id, line, why: 'changing', lines }] };
}

const storedRow = ({ store }: HostParts, { channel, module, id }: ObjectName): Bytes | undefined =>
  store.get(TABLES.object, objectKey(channel, module, id));

const lineAt = ({ view }: HostParts, { channel, module, id }: ObjectName, number: number): string | null =>
  view.lineAt(channel, refOfObject(module, id), number) ?? null;

async function auditOnce(parts: HostParts, name: ObjectName, auditing: Auditing): Promise<AuditedObject> {
  const { id } = name;
  const head = parts.view.head(name.channel, refOfObject(name.module, id));
  if (!head) return { gaps: 0, finding: { id, line: null, why: 'no_line' }, unchecked: [] };
  try {
    return await auditLines(parts, name, auditing, head.count);
  } catch (error) {
    if (!isAppError(error) && !(error instanceof TypeError)) throw error;
    const code = isAppError(error) ? error.code : 'unreadable';
    if (code === 'stopped') throw error;
    const line = toHex(head.line);
    if (code === 'module_unknown')
      return { gaps: 0, unchecked: [{ id, line, why: 'module_unknown', lines: head.count }] };
    const why = isAppError(error) ? String(error.extra.why ?? code) : code;
    return { gaps: 0, finding: { id, line, why }, unchecked: [] };
  }
}

/** The object's lines up to where this party has folded it, and the state that they make. */
async function auditLines(
  parts: HostParts,
  name: ObjectName,
  auditing: Auditing,
  count: number,
): Promise<AuditedObject> {
  const { id } = name;
  const row = readObjectRow(parts.store, parts.vault, name);
  const folded = Math.min(row?.count ?? 0, count);
  const has = await recordsOf(parts, name, folded, auditing.pause);
  const notFolded = count - folded;
  const unchecked: AuditUnchecked[] = [
    ...leftFrom(parts, name, has < folded ? has + 1 : undefined, {
      why: 'payload_missing',
      lines: folded - has,
    }),
    ...leftFrom(parts, name, notFolded > 0 ? folded + 1 : undefined, {
      why: isKept(parts, name, folded + 1) ? 'behind' : 'payload_missing',
      lines: notFolded,
    }),
  ];
  if (has === 0) return { gaps: 0, unchecked };
  const lines = keptLines(parts, name, { from: 1, to: has });
  const proved = await checkLines(parts, { ...name, lines }, auditing);
  unchecked.push(...proved.unchecked.map((one) => ({ id, ...one })));
  const isSame = row?.head === proved.head && canonicalizeJson(row.state) === canonicalizeJson(proved.state);
  // Without all its records nobody can tell what the state should be.
  if (isSame || has < folded) return { gaps: proved.gaps, unchecked };
  return { gaps: proved.gaps, finding: { id, line: lineAt(parts, name, count), why: 'state' }, unchecked };
}

const isKept = (parts: HostParts, name: ObjectName, number: number): boolean => {
  const line = lineAt(parts, name, number);
  return line !== null && readPayloadRecord(parts.store, line) !== undefined;
};

/** How many lines there are records of, from the first one on, erased ones among them. */
async function recordsOf(parts: HostParts, name: ObjectName, to: number, pause: Pause): Promise<number> {
  for (let number = 1; number <= to; number += 1) {
    if (!isKept(parts, name, number)) return number - 1;
    await pause();
  }
  return to;
}

const leftFrom = (
  parts: HostParts,
  name: ObjectName,
  first: number | undefined,
  what: Pick<AuditUnchecked, 'why' | 'lines'>,
): readonly AuditUnchecked[] =>
  first === undefined ? [] : [{ id: name.id, line: lineAt(parts, name, first), ...what }];
