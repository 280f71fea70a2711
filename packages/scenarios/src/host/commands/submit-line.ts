import { isAppError, toHex } from '@attestel/core';
import { decodeOperation, type Operation } from '@attestel/ledger';
import { fail } from '../../errors.ts';
import { foldLine } from '../fold/fold-line.ts';
import type { HostParts } from '../host-parts.ts';
import { openKept } from '../store/payload-records.ts';
import {
  deletePrepared,
  listPrepared,
  type PreparedRecord,
  readPrepared,
} from '../store/prepared-records.ts';

/**
 * Submits a prepared line and commits or drops what belongs to it. Where nobody can say what became of it, it stays
 * prepared, and `settlePrepared` finds out. @throws AppError of the ledger that refuses it; outcome_unknown
 */
export async function submitLine(
  parts: HostParts,
  operation: Operation,
  record: PreparedRecord,
): Promise<void> {
  const line = toHex(operation.id);
  const [result] = await parts.ledger.submit([operation]);
  if (!result) throw fail('outcome_unknown');
  if (result.ok || result.error.code === 'operation_duplicate') return commitLine(parts, line, record);
  const { error } = result;
  if (error.kind === 'unavailable') throw fail('outcome_unknown', { cause: error });
  await dropLine(parts, line);
  throw error;
}

/** Folds a line of this party's own that the ledger has. */
export async function commitLine(parts: HostParts, line: string, record: PreparedRecord): Promise<void> {
  const { channel, sealed } = record;
  const onLedger = parts.view.line(channel, line) ?? (await arrivalOf(parts, channel, line));
  const kept = openKept(parts.vault, line, sealed);
  const objects = kept.payload.objects.map(({ id }) => id);
  const number = await parts.store.transact((writer) => {
    // Whoever came first has done it.
    if (!readPrepared(writer, line)) return undefined;
    deletePrepared(writer, line);
    return foldLine(parts, writer, { channel, line, onLedger, kept, verdict: 'checked', objects });
  });
  if (number !== undefined) parts.folded({ number, channel, line });
  parts.wake();
}

async function dropLine(parts: HostParts, line: string): Promise<void> {
  await parts.store.transact((writer) => deletePrepared(writer, line));
  // What was sealed is gone; a key of nothing is no harm, and rewriting the file for it would be.
}

/** A node that follows others answers before its own state has the line. */
function arrivalOf({ ledger, view }: HostParts, channel: string, line: string) {
  type Line = NonNullable<ReturnType<typeof view.line>>;
  return new Promise<Line>((resolve) => {
    const look = (): boolean => {
      const found = view.line(channel, line);
      if (found) resolve(found);
      return found !== undefined;
    };
    const stop = ledger.onBlock(() => {
      if (look()) stop();
    });
    if (look()) stop();
  });
}

/** Finds out what became of lines whose outcome nobody told: as the node opens, and before a command gives up. */
export async function settlePrepared(parts: HostParts): Promise<void> {
  for (const line of listPrepared(parts.store)) {
    const record = readPrepared(parts.store, line);
    if (!record) continue;
    if (parts.view.line(record.channel, line)) await commitLine(parts, line, record);
    else if (parts.ledger.head().time > record.notAfter) await dropLine(parts, line);
    else await submitAgain(parts, line, record);
  }
}

async function submitAgain(parts: HostParts, line: string, record: PreparedRecord): Promise<void> {
  try {
    await submitLine(parts, decodeOperation(record.operation), record);
  } catch (error) {
    if (!isAppError(error)) throw error;
    parts.logger.warn('contract_line_not_taken', { line, code: error.code });
  }
}
