import type { Logger, Store } from '@attestel/core';
import type { Policy } from '@attestel/proof';
import { fail } from '../errors.ts';
import type { BlockNotice, Head, Ledger } from '../ledger.ts';
import { readBlock } from '../log/head-record.ts';
import { nextSequence } from '../state/apply-operation.ts';
import { createStateReader } from '../state/module-state.ts';
import { HOST_MODULE, type RuleBook } from '../state/rules.ts';
import { fromU64, TABLES, u64 } from '../tables.ts';
import { CheckpointNotes, noteOf } from './checkpoint-notes.ts';
import type { LedgerExecutor } from './ledger-executor.ts';
import { createProofSource } from './proof-source.ts';

export interface LedgerHostParts {
  readonly book: RuleBook;
  readonly store: Store;
  readonly executor: LedgerExecutor;
  readonly policy?: Policy | undefined;
  readonly logger: Logger;
}

/** The part of a ledger that is the same under every driver. */
export type HostedLedger = Omit<Ledger, 'submit' | 'close'>;

export interface LedgerHost {
  readonly ledger: HostedLedger;
  /** To be called by the driver after each commit that changed the head, in order. */
  deliver(notice: BlockNotice): void;
  /**
   * Signs the unchanged head again with a newer time, so that receipts do not go stale on an idle ledger. The driver's
   * caller says when. @throws AppError checkpoint_not_signed, cosign_refused
   */
  heartbeat(): Promise<void>;
}

/** Reads, proofs, checkpoints and listeners over an executor. */
export function createLedgerHost({ book, store, executor, policy, logger }: LedgerHostParts): LedgerHost {
  const notes = new CheckpointNotes(policy);
  notes.add(executor.head);
  const listeners = new Set<(block: BlockNotice) => void>();
  const show = (note: ReturnType<CheckpointNotes['put']>): void => {
    if (note) executor.showNote(note.hash, noteOf(note));
  };
  return {
    ledger: {
      ...readersOf(book, store, () => executor.head),
      proofs: createProofSource({ store, notes, recent: executor.recent, head: () => executor.head }),
      cosign(text) {
        const known = notes.matching(text);
        if (!known) throw fail('checkpoint_unknown');
        const added = notes.newIn(known, text);
        show(notes.put(known.hash, added));
        return added.length;
      },
      onBlock(listener) {
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
    },
    deliver(notice) {
      notes.add(notice.head);
      for (const listener of [...listeners]) {
        try {
          listener(notice);
        } catch (error) {
          // A reader's bug must not make a durable block look failed.
          const cause = error instanceof Error ? error.message : 'no error given';
          logger.error('block_listener_failed', { height: notice.head.height, cause });
        }
      }
    },
    async heartbeat() {
      const { appHash } = executor.head;
      const signature = await executor.cosignAgain();
      if (signature) show(notes.put(appHash, [signature]));
    },
  };
}

function readersOf(
  book: RuleBook,
  store: Store,
  head: () => Head,
): Omit<HostedLedger, 'proofs' | 'cosign' | 'onBlock'> {
  return {
    network: book.network,
    head,
    state(module) {
      if (!book.hasModule(module)) throw fail('unknown_module');
      return createStateReader(store, module);
    },
    sequence(module, actor) {
      const rules = book.at(store, head().height + 1);
      if (rules.modules.get(module)?.ordering !== 'actor') throw fail('unknown_module');
      return nextSequence(createStateReader(store, HOST_MODULE), module, actor);
    },
    *entries(from, limit) {
      const to = Math.min(head().size, from + limit);
      if (to <= from) return;
      for (const [key, bytes] of store.range(TABLES.entries, { from: u64(from), to: u64(to) })) {
        yield { index: fromU64(key), bytes };
      }
    },
    attachment: (operationId) => store.get(TABLES.attachments, operationId),
    indexOf(operationId) {
      const index = store.get(TABLES.operations, operationId);
      return index && fromU64(index);
    },
    *blocks(fromHeight, limit) {
      const to = Math.min(head().height + 1, fromHeight + limit);
      for (let height = fromHeight; height < to; height++) {
        const block = readBlock(store, height);
        if (!block) throw fail('store_damaged', { field: `blocks/${height}` });
        yield { height, size: block.size, checkpoint: block.checkpoint };
      }
    },
  };
}
