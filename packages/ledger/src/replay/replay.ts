import type { Bytes, Store } from '@attestel/core';
import { createFrontier, emptyRoot } from '@attestel/proof';
import type { Candidate } from '../executor/executor.ts';
import { LedgerExecutor } from '../executor/ledger-executor.ts';
import { emptyRecord } from '../executor/prepare-candidate.ts';
import type { HeadRecord } from '../log/head-record.ts';
import { sha256 } from '../sha256.ts';
import { createSignatureVerifier } from '../signatures/verify-signature.ts';
import { secondsOf } from '../state/execute-block.ts';
import { createRuleBook, type RulesOptions } from '../state/rules.ts';
import { StateTrie } from '../trie/state-trie.ts';
import { createBlockReplay } from './block-replay.ts';
import { type LedgerVerification, type LogEntry, LogFaultError } from './entry.ts';
import { assertCheckpoint, assertFinal, type CheckpointTrustees } from './signed-checkpoint.ts';

export interface ReplayOptions extends RulesOptions, CheckpointTrustees {
  /**
   * Operation ids that block 1 must hold, in order, from a source other than the log. Without them the
   * replay says that a log follows its own rules, not whose log it is.
   */
  readonly genesis?: readonly Bytes[] | undefined;
  /** Empty; holds the same ledger when the replay is done. */
  readonly target: Store;
  /** Refuse a block that comes without its checkpoint. */
  readonly everyCheckpoint: boolean;
}

/** Runs a log again, entry by entry, under the same rules as the driver that wrote it. */
export interface Replay {
  readonly head: HeadRecord;
  readonly attachmentsMissing: number;
  /** @throws LogFaultError */
  add(entry: LogEntry): Promise<void>;
  /**
   * The log ends here; `checkpoint` covers all of it, when its entries do not carry theirs.
   * @throws LogFaultError when operations wait for their block, or too few have signed the last checkpoint
   */
  finish(checkpoint?: string): void;
}

export function createReplay(options: ReplayOptions): Replay {
  const { network, origin, target, genesis } = options;
  const book = createRuleBook(options, createSignatureVerifier());
  const trie = new StateTrie(target);
  const executor = new LedgerExecutor({ book, store: target, trie }, emptyRecord(network, origin));
  let hasQuorum = true;
  const seal = async (candidate: Candidate, { index, checkpoint }: LogEntry): Promise<void> => {
    if (checkpoint === undefined && options.everyCheckpoint) {
      throw new LogFaultError(index, 'checkpoint_missing', 'the block has no checkpoint');
    }
    hasQuorum = checkpoint === undefined || assertCheckpoint(options, checkpoint, candidate.body, index);
    await executor.commitWith(candidate, async () => checkpoint ?? '');
  };
  const blocks = createBlockReplay({ book, store: target, executor, genesis, seal });
  return {
    get head() {
      return executor.record;
    },
    get attachmentsMissing() {
      return blocks.attachmentsMissing;
    },
    add: (entry) => blocks.add(entry),
    finish(checkpoint) {
      blocks.finish();
      const { body, size } = executor.head;
      if (checkpoint !== undefined) hasQuorum = assertCheckpoint(options, checkpoint, body, size - 1);
      assertFinal(hasQuorum, size);
    },
  };
}

/** What there is to say of a log that replayed to its end. */
export function summaryOf({ head, attachmentsMissing }: Replay): LedgerVerification & { ok: true } {
  const { height, timeMs, frontier } = head;
  const time = secondsOf(timeMs);
  return { ok: true, height, time, size: frontier.size, root: rootOf(head), attachmentsMissing };
}

export const rootOf = ({ frontier }: HeadRecord): Bytes =>
  frontier.size === 0 ? emptyRoot(sha256) : createFrontier(sha256, frontier).root();
