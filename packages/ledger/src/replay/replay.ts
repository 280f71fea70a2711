import { type Bytes, equalBytes, isAppError, type MultikeyBytes, type Store } from '@attestel/core';
import { createFrontier, emptyRoot, ProofError, verifyCheckpoint } from '@attestel/proof';
import type { Candidate } from '../executor/executor.ts';
import { LedgerExecutor } from '../executor/ledger-executor.ts';
import { emptyRecord } from '../executor/prepare-candidate.ts';
import type { HeadRecord } from '../log/head-record.ts';
import { type BlockLeaf, decodeLeaf, type Leaf } from '../log/leaf.ts';
import { ed25519Key } from '../log/sign-checkpoint.ts';
import type { Operation } from '../operation.ts';
import { operationOf } from '../operations/decode-operation.ts';
import { sha256 } from '../sha256.ts';
import { createSignatureVerifier, proofCrypto } from '../signatures/verify-signature.ts';
import { admitOperation, moduleOf } from '../state/admit-operation.ts';
import { isAccepted, MAX_BLOCK_OPERATIONS, secondsOf } from '../state/execute-block.ts';
import { guard } from '../state/guard.ts';
import { createRuleBook, type Rules, type RulesOptions } from '../state/rules.ts';
import { StateTrie } from '../trie/state-trie.ts';
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
  let rules = book.at(target, 1);
  let open: Operation[] = [];
  let attachmentsMissing = 0;

  const close = async (block: BlockLeaf, entry: LogEntry): Promise<void> => {
    assertFollows(executor.record, block, rules.sm, entry.index);
    if (block.height === 1) assertGenesis(genesis, open);
    const candidate = executor.execute({ timeMs: block.timeMs, operations: open, source: 'log' });
    assertAccepted(candidate, executor.head.size);
    assertState(candidate, block, entry.index);
    if (entry.checkpoint !== undefined)
      assertCheckpoint(options, entry.checkpoint, candidate.body, entry.index);
    else if (options.everyCheckpoint) {
      throw new LogFaultError(entry.index, 'checkpoint_missing', 'the block has no checkpoint');
    }
    await executor.commitWith(candidate, async () => entry.checkpoint ?? '');
    rules = book.at(target, block.height + 1);
    open = [];
  };
  return {
    get head() {
      return executor.record;
    },
    get attachmentsMissing() {
      return attachmentsMissing;
    },
    async add(entry) {
      const leaf = parseEntry(entry, executor.head.size + open.length);
      if (leaf.kind === 'block') return close(leaf.block, entry);
      if (open.length >= MAX_BLOCK_OPERATIONS) {
        throw new LogFaultError(entry.index, 'block_malformed', 'more operations than a block takes');
      }
      const operation = admit(rules, leaf.operation, entry);
      if (lacksAttachment(rules, operation)) attachmentsMissing += 1;
      open.push(operation);
    },
    compare(checkpoint) {
      const { body, size } = executor.head;
      assertCheckpoint(options, checkpoint, body, size - 1);
    },
    finish() {
      if (open.length > 0) {
        throw new LogFaultError(executor.head.size, 'block_open', 'operations follow that no block closes');
      }
      if (executor.head.height === 0) assertGenesis(genesis, []);
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
  const { payloadBytes, signatures } = logged;
  const operation = attachment ? operationOf(payloadBytes, signatures, attachment) : logged;
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

function assertFollows(
  { height, timeMs, frontier }: HeadRecord,
  block: BlockLeaf,
  sm: number,
  index: number,
): void {
  const rule =
    (block.height !== height + 1 && 'height does not follow') ||
    (block.size !== frontier.size && 'size is not that of the log before the block') ||
    (block.timeMs <= timeMs && 'time does not increase') ||
    (block.sm !== sm && 'not the version of the state machine that governance set') ||
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

function assertAccepted({ outcomes }: Candidate, from: number): void {
  outcomes.forEach((outcome, i) => {
    if (isAccepted(outcome)) return;
    throw new LogFaultError(from + i, 'operation_refused', messageOf(outcome.error), outcome.error);
  });
}

function assertState({ stateRoot }: Candidate, { state }: BlockLeaf, index: number): void {
  if (equalBytes(stateRoot, state)) return;
  throw new LogFaultError(
    index,
    'state_mismatch',
    'the operations so far do not make the state of the block',
  );
}

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

/** Messages of AppErrors may be shown; others could repeat content. */
const messageOf = (error: unknown): string =>
  isAppError(error) ? `${error.code}: ${error.message}` : 'broke a rule of the format';
