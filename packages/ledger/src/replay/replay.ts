import { type Bytes, equalBytes, isAppError, type MultikeyBytes, type Store } from '@attestel/core';
import { createFrontier, emptyRoot, ProofError, verifyCheckpoint } from '@attestel/proof';
import type { HeadRecord } from '../log/head-record.ts';
import { type BlockLeaf, decodeLeaf, type Leaf, STATE_MACHINE_VERSION } from '../log/leaf.ts';
import { type SealedBlock, sealBlock } from '../log/seal-block.ts';
import { ed25519Key } from '../log/sign-checkpoint.ts';
import { writeBlock } from '../log/write-block.ts';
import type { Operation } from '../operation.ts';
import { sha256 } from '../sha256.ts';
import { createSignatureVerifier, proofCrypto } from '../signatures/verify-signature.ts';
import { admitOperation, moduleOf } from '../state/admit-operation.ts';
import {
  type Execution,
  executeBlock,
  isAccepted,
  MAX_BLOCK_OPERATIONS,
  secondsOf,
} from '../state/execute-block.ts';
import { guard } from '../state/guard.ts';
import { createRules, type Rules, type RulesOptions } from '../state/rules.ts';
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
  const rules = createRules(options, createSignatureVerifier());
  const { network, origin } = options;
  const frontier = { size: 0, hashes: [] };
  let head: HeadRecord = { network, origin, height: 0, timeMs: 0, frontier, checkpoint: '' };
  let open: Operation[] = [];
  let attachmentsMissing = 0;

  const close = async (block: BlockLeaf, entry: LogEntry): Promise<void> => {
    assertFollows(head, block, entry.index);
    if (block.height === 1) assertGenesis(options.genesis, open);
    const execution = executeBlock(rules, options.target, open, block);
    assertAccepted(execution, head.frontier.size);
    const sealed = sealBlock(head.frontier, block, execution.outcomes);
    if (entry.checkpoint !== undefined) assertCheckpoint(options, entry.checkpoint, sealed);
    else if (options.everyCheckpoint) {
      throw new LogFaultError(entry.index, 'checkpoint_missing', 'the block has no checkpoint');
    }
    const { height, timeMs } = block;
    const next = {
      network,
      origin,
      height,
      timeMs,
      frontier: sealed.frontier,
      checkpoint: entry.checkpoint ?? '',
    };
    await options.target.transact((writer) => writeBlock(writer, execution, sealed, next));
    head = next;
    open = [];
  };
  return {
    get head() {
      return head;
    },
    get attachmentsMissing() {
      return attachmentsMissing;
    },
    async add(entry) {
      const leaf = parseEntry(entry, head.frontier.size + open.length);
      if (leaf.kind === 'block') return close(leaf.block, entry);
      if (open.length >= MAX_BLOCK_OPERATIONS) {
        throw new LogFaultError(entry.index, 'block_malformed', 'more operations than a block takes');
      }
      const operation = admit(rules, leaf.operation, entry);
      if (lacksAttachment(rules, operation)) attachmentsMissing += 1;
      open.push(operation);
    },
    compare: (checkpoint) =>
      assertCheckpoint(options, checkpoint, { frontier: head.frontier, root: rootOf(head) }),
    finish() {
      if (open.length > 0) {
        throw new LogFaultError(head.frontier.size, 'block_open', 'operations follow that no block closes');
      }
      if (head.height === 0) assertGenesis(options.genesis, []);
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

function parseEntry({ index, bytes, hash }: LogEntry, expected: number): Leaf {
  if (index !== expected) {
    throw new LogFaultError(expected, 'entry_missing', `expected entry ${expected}, found ${index}`);
  }
  if (hash && !equalBytes(hash, leafHash(bytes))) {
    throw new LogFaultError(index, 'entry_changed', 'the entry does not have the hash remembered for it');
  }
  try {
    return decodeLeaf(bytes);
  } catch (error) {
    throw new LogFaultError(index, 'entry_malformed', messageOf(error), error);
  }
}

function leafHash(leaf: Bytes): Bytes {
  const frontier = createFrontier(sha256);
  frontier.append(leaf);
  return frontier.root();
}

function admit(rules: Rules, logged: Operation, { index, attachment }: LogEntry): Operation {
  const operation = attachment ? { ...logged, attachment } : logged;
  try {
    admitOperation(rules, operation, 'log');
    return operation;
  } catch (error) {
    throw new LogFaultError(index, 'operation_refused', messageOf(error), error);
  }
}

/** Whether its module would not have taken the operation like this when it was new. */
function lacksAttachment(rules: Rules, operation: Operation): boolean {
  if (operation.attachment !== null) return false;
  const module = moduleOf(rules, operation);
  try {
    guard(module, () => module.checkAttachment?.(operation));
    return false;
  } catch {
    return true;
  }
}

function assertFollows({ height, timeMs, frontier }: HeadRecord, block: BlockLeaf, index: number): void {
  const rule =
    (block.height !== height + 1 && 'height does not follow') ||
    (block.size !== frontier.size && 'size is not that of the log before the block') ||
    (block.timeMs <= timeMs && 'time does not increase') ||
    (block.sm !== STATE_MACHINE_VERSION && 'unknown version of the state machine') ||
    (index === frontier.size && 'holds no operation');
  if (rule) throw new LogFaultError(index, 'block_malformed', `block: ${rule}`);
}

function assertGenesis(pinned: ReplayOptions['genesis'], began: readonly Operation[]): void {
  if (!pinned) return;
  const same = (id: Bytes | undefined, i: number): boolean => {
    const operation = began[i];
    return id !== undefined && operation !== undefined && equalBytes(id, operation.id);
  };
  const count = Math.max(pinned.length, began.length);
  for (let i = 0; i < count; i++) {
    if (!same(pinned[i], i)) {
      throw new LogFaultError(i, 'genesis_mismatch', 'the log did not begin with the genesis expected');
    }
  }
}

function assertAccepted({ outcomes }: Execution, from: number): void {
  outcomes.forEach((outcome, i) => {
    if (isAccepted(outcome)) return;
    throw new LogFaultError(from + i, 'operation_refused', messageOf(outcome.error), outcome.error);
  });
}

type Rooted = Pick<SealedBlock, 'frontier' | 'root'>;

function assertCheckpoint({ origin, checkpointKey }: ReplayOptions, text: string, rooted: Rooted): void {
  const last = rooted.frontier.size - 1;
  const trust = { origin, keys: [{ name: origin, publicKey: ed25519Key(checkpointKey) }] };
  let signed: { size: number; root: Bytes };
  try {
    signed = verifyCheckpoint(text, trust, proofCrypto);
  } catch (error) {
    if (!(error instanceof ProofError)) throw error;
    throw new LogFaultError(last, 'checkpoint_invalid', error.message, error);
  }
  if (signed.size !== rooted.frontier.size || !equalBytes(signed.root, rooted.root)) {
    const detail = `the ${rooted.frontier.size} entries so far do not make the signed checkpoint`;
    throw new LogFaultError(last, 'root_mismatch', detail);
  }
}

/** Messages of AppErrors may be shown; others could repeat content. */
const messageOf = (error: unknown): string =>
  isAppError(error) ? `${error.code}: ${error.message}` : 'broke a rule of the format';
