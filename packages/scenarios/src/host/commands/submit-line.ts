import { type AppError, isAppError, toHex } from '@attestel/core';
import { decodeOperation, type Operation } from '@attestel/ledger';
import type { Line } from '@attestel/registry';
import { fail } from '../../errors.ts';
import { foldLine, type LineToFold } from '../fold/fold-line.ts';
import type { HostParts } from '../host-parts.ts';
import type { Kept } from '../payload/payload.schema.ts';
import { openKept } from '../store/payload-records.ts';
import { deletePrepared, isPrepared, type PreparedRecord, readPrepared } from '../store/prepared-records.ts';
import { untilLedger } from '../until-ledger.ts';

/** A prepared line; with its payload, and its objects as they were before, where those are at hand. */
export interface Submission extends PreparedRecord, Pick<LineToFold, 'known'> {
  readonly kept?: Kept;
}

/**
 * Submits a prepared line and commits or drops what belongs to it. Where nobody can say what became of it, it stays
 * prepared, and `settlePrepared` finds out. @returns the line as the ledger has it
 * @throws AppError of the ledger that refuses it; outcome_unknown
 */
export async function submitLine(parts: HostParts, operation: Operation, record: Submission): Promise<Line> {
  const line = toHex(operation.id);
  const outcome = await submitOrCommit(parts, { line, operation, record }).catch((cause: unknown) => {
    parts.unclear.add(line);
    throw fail('outcome_unknown', { cause });
  });
  parts.unclear.delete(line);
  if (isAppError(outcome)) throw outcome;
  return outcome;
}

/** @returns the line, or why the ledger refuses it for good */
async function submitOrCommit(
  parts: HostParts,
  { line, operation, record }: { line: string; operation: Operation; record: Submission },
): Promise<Line | AppError> {
  const [result] = await parts.ledger.submit([operation]);
  if (!result) throw new TypeError('host: the ledger gave no answer');
  if (result.ok || result.error.code === 'operation_duplicate') return commitLine(parts, line, record);
  if (result.error.kind === 'unavailable') throw result.error;
  await dropLine(parts, line);
  return translated(result.error);
}

/** What clients of contracts know: the ledger's field names its line, not their data. */
export function translated(error: AppError): AppError {
  if (error.code === 'line_head_conflict')
    return fail('head_conflict', { field: '/head', extra: error.extra });
  if (error.code === 'line_token_taken')
    return fail(error.field?.startsWith('/unique') ? 'already_exists' : 'conflict', { cause: error });
  if (error.code === 'line_token_not_held') return fail('conflict', { cause: error });
  return error;
}

/** Folds a line of this party's own that the ledger has. @returns it as the ledger has it */
async function commitLine(parts: HostParts, line: string, record: Submission): Promise<Line> {
  const { channel, sealed, known } = record;
  const onLedger = await untilLedger(parts.ledger, () => parts.view.line(channel, line));
  const kept = record.kept ?? openKept(parts.vault, line, sealed);
  const objects = kept.payload.objects.map(({ id }) => id);
  const number = await parts.store.transact((writer) => {
    // Whoever came first has done it.
    if (!isPrepared(writer, line)) return undefined;
    deletePrepared(writer, line);
    const folding = { channel, line, onLedger, kept, sealed, verdict: 'checked', objects } as const;
    return foldLine(parts, writer, { ...folding, ...(known && { known }) });
  });
  if (number !== undefined) parts.folded({ number, channel, line });
  parts.wake();
  return onLedger;
}

async function dropLine(parts: HostParts, line: string): Promise<void> {
  await parts.store.transact((writer) => deletePrepared(writer, line));
  // What was sealed is gone; a key of nothing is no harm, and rewriting the file for it would be.
}

/** Finds out what became of lines whose outcome nobody told: all as the host opens, later those that are unclear. */
export async function settlePrepared(parts: HostParts, lines: Iterable<string>): Promise<void> {
  for (const line of lines) {
    const record = readPrepared(parts.store, line);
    if (!record) parts.unclear.delete(line);
    else await settleOne(parts, line, record);
  }
}

async function settleOne(parts: HostParts, line: string, record: PreparedRecord): Promise<void> {
  const isOver = parts.ledger.head().time > record.notAfter;
  try {
    if (parts.view.line(record.channel, line)) await commitLine(parts, line, record);
    else if (isOver) await dropLine(parts, line);
    else await submitLine(parts, decodeOperation(record.operation), record);
    parts.unclear.delete(line);
  } catch (error) {
    if (!isAppError(error)) throw error;
    parts.logger.warn('contract_line_not_taken', { line, code: error.code });
  }
}
