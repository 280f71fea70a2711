import type { Bytes, MultikeyBytes, Store } from '@attestel/core';
import { createFrontier, emptyRoot, ProofError, verifyCheckpoint } from '@attestel/proof';
import type { Candidate } from '../executor/executor.ts';
import { LedgerExecutor } from '../executor/ledger-executor.ts';
import { emptyRecord } from '../executor/prepare-candidate.ts';
import type { HeadRecord } from '../log/head-record.ts';
import { ed25519Key } from '../log/sign-checkpoint.ts';
import { sha256 } from '../sha256.ts';
import { createSignatureVerifier, proofCrypto } from '../signatures/verify-signature.ts';
import { secondsOf } from '../state/execute-block.ts';
import { createRuleBook, type RulesOptions } from '../state/rules.ts';
import { StateTrie } from '../trie/state-trie.ts';
import { createBlockReplay } from './block-replay.ts';
import { type LedgerVerification, type LogEntry, LogFaultError } from './entry.ts';

export interface ReplayOptions extends RulesOptions {
  readonly origin: string;
  /** Ed25519 key that signs the log's checkpoints, from a source other than the log. */
  readonly checkpointKey: MultikeyBytes;
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
  /** Compares a checkpoint with the log so far. @throws LogFaultError */
  compare(checkpoint: string): void;
  /** @throws LogFaultError when operations wait for their block */
  finish(): void;
}

export function createReplay(options: ReplayOptions): Replay {
  const { network, origin, target, genesis } = options;
  const book = createRuleBook(options, createSignatureVerifier());
  const trie = new StateTrie(target);
  const executor = new LedgerExecutor({ book, store: target, trie }, emptyRecord(network, origin));
  const seal = async (candidate: Candidate, { index, checkpoint }: LogEntry): Promise<void> => {
    if (checkpoint !== undefined) assertCheckpoint(options, checkpoint, candidate.body, index);
    else if (options.everyCheckpoint) {
      throw new LogFaultError(index, 'checkpoint_missing', 'the block has no checkpoint');
    }
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
    compare(checkpoint) {
      const { body, size } = executor.head;
      assertCheckpoint(options, checkpoint, body, size - 1);
    },
    finish: () => blocks.finish(),
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

/** `last`: index of the last entry that the checkpoint covers. */
function assertCheckpoint(
  { origin, checkpointKey }: ReplayOptions,
  text: string,
  body: string,
  last: number,
): void {
  const trust = { origin, keys: [{ name: origin, publicKey: ed25519Key(checkpointKey) }] };
  let signed: string;
  try {
    signed = verifyCheckpoint(text, trust, proofCrypto).body;
  } catch (error) {
    if (!(error instanceof ProofError)) throw error;
    throw new LogFaultError(last, 'checkpoint_invalid', error.message, error);
  }
  if (signed === body) return;
  // The first three lines are the log; a fourth that differs alone is the state.
  const isState = logLines(signed) === logLines(body);
  const detail = `the ${last + 1} entries so far do not make the signed checkpoint`;
  throw new LogFaultError(last, isState ? 'state_mismatch' : 'root_mismatch', detail);
}

const logLines = (body: string): string => body.split('\n').slice(0, 3).join('\n');
