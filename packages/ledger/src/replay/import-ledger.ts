import type { Bytes, Store } from '@attestel/core';
import { fail } from '../errors.ts';
import { readHead } from '../log/head-record.ts';
import type { RulesOptions } from '../state/rules.ts';
import { type LedgerVerification, LogFaultError } from './entry.ts';
import { readExport } from './export.ts';
import { createReplay, summaryOf } from './replay.ts';
import type { CheckpointTrustees } from './signed-checkpoint.ts';

export interface ImportLedgerOptions extends RulesOptions, CheckpointTrustees {
  /** Operation ids of block 1: what makes it this ledger and not another one of the same signer. */
  readonly genesis?: readonly Bytes[] | undefined;
  /** Must be empty. */
  readonly store: Store;
  readonly lines: Iterable<string> | AsyncIterable<string>;
}

/**
 * Replays an export into an empty store, block by block, each with its checkpoint. A bad entry ends it:
 * the store then holds the blocks before that entry's, a valid shorter ledger.
 * @throws AppError export_invalid, store_mismatch, log_invalid with index and reason
 */
export async function importLedger(options: ImportLedgerOptions): Promise<LedgerVerification & { ok: true }> {
  const { network, origin, store: target } = options;
  if (readHead(target)) throw fail('store_mismatch', { field: 'store' });
  const { header, entries } = await readExport(options.lines);
  if (header.network !== network) throw fail('store_mismatch', { field: 'network' });
  if (header.origin !== origin) throw fail('store_mismatch', { field: 'origin' });
  const replay = createReplay({ ...options, target, everyCheckpoint: true });
  try {
    for await (const entry of entries) await replay.add(entry);
    replay.finish();
  } catch (cause) {
    if (!(cause instanceof LogFaultError)) throw cause;
    const { index, reason, message: detail } = cause;
    throw fail('log_invalid', { field: `entries/${index}`, detail, cause, extra: { index, reason } });
  }
  return summaryOf(replay);
}
