import { type Bytes, equalBytes, isAppError, type StoreReader } from '@attestel/core';
import { hashLeaf } from '@attestel/proof';
import type { Candidate } from '../executor/executor.ts';
import type { LedgerExecutor } from '../executor/ledger-executor.ts';
import type { HeadRecord } from '../log/head-record.ts';
import { type BlockLeaf, decodeLeaf, type Leaf } from '../log/leaf.ts';
import type { Operation } from '../operation.ts';
import { operationOf } from '../operations/decode-operation.ts';
import { sha256 } from '../sha256.ts';
import { admitOperation, moduleOf } from '../state/admit-operation.ts';
import { isAccepted, MAX_BLOCK_OPERATIONS } from '../state/execute-block.ts';
import { guard } from '../state/guard.ts';
import type { RuleBook, Rules } from '../state/rules.ts';
import { type LogEntry, LogFaultError } from './entry.ts';

export interface BlockReplayParts {
  readonly book: RuleBook;
  readonly store: StoreReader;
  readonly executor: LedgerExecutor;
  /** Operation ids that block 1 must hold, in order. */
  readonly genesis?: readonly Bytes[] | undefined;
  /** Compares an executed block with its checkpoint and commits it. @throws LogFaultError */
  readonly seal: (candidate: Candidate, entry: LogEntry) => Promise<void>;
}

/** Collects a log's entries into blocks and executes each under the rules that made it. */
export interface BlockReplay {
  readonly attachmentsMissing: number;
  /** @throws LogFaultError */
  add(entry: LogEntry): Promise<void>;
  /** @throws LogFaultError when operations wait for their block */
  finish(): void;
}

export function createBlockReplay({ book, store, executor, genesis, seal }: BlockReplayParts): BlockReplay {
  // Asked for only when an entry comes: a log may end where a version begins that this program does not have.
  let rules: Rules | undefined;
  const rulesNow = (): Rules => {
    rules ??= book.at(store, executor.head.height + 1);
    return rules;
  };
  let open: Operation[] = [];
  let attachmentsMissing = 0;
  const close = async (block: BlockLeaf, entry: LogEntry): Promise<void> => {
    assertFollows(executor.record, block, rulesNow().sm, entry.index);
    if (block.height === 1) assertGenesis(genesis, open);
    const candidate = executor.execute({ timeMs: block.timeMs, operations: open, source: 'log' });
    try {
      assertAccepted(candidate, executor.head.size);
      assertState(candidate, block, entry.index);
      await seal(candidate, entry);
    } catch (error) {
      executor.discard(candidate);
      throw error;
    }
    rules = undefined;
    open = [];
  };
  return {
    get attachmentsMissing() {
      return attachmentsMissing;
    },
    async add(entry) {
      const leaf = parseEntry(entry, executor.head.size + open.length);
      if (leaf.kind === 'block') return close(leaf.block, entry);
      if (open.length >= MAX_BLOCK_OPERATIONS) {
        throw new LogFaultError(entry.index, 'block_malformed', 'more operations than a block takes');
      }
      const operation = admit(rulesNow(), leaf.operation, entry);
      if (lacksAttachment(rulesNow(), operation)) attachmentsMissing += 1;
      open.push(operation);
    },
    finish() {
      if (open.length > 0) {
        throw new LogFaultError(executor.head.size, 'block_open', 'operations follow that no block closes');
      }
      if (executor.head.height === 0) assertGenesis(genesis, []);
    },
  };
}

function parseEntry({ index, bytes, hash }: LogEntry, expected: number): Leaf {
  if (index !== expected) {
    throw new LogFaultError(expected, 'entry_missing', `expected entry ${expected}, found ${index}`);
  }
  if (hash && !equalBytes(hash, hashLeaf(sha256, bytes))) {
    throw new LogFaultError(index, 'entry_changed', 'the entry does not have the hash remembered for it');
  }
  try {
    return decodeLeaf(bytes);
  } catch (error) {
    throw new LogFaultError(index, 'entry_malformed', messageOf(error), error);
  }
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
export function lacksAttachment(rules: Rules, operation: Operation): boolean {
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

function assertGenesis(pinned: BlockReplayParts['genesis'], began: readonly Operation[]): void {
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

/** Messages of AppErrors may be shown; others could repeat content. */
const messageOf = (error: unknown): string =>
  isAppError(error) ? `${error.code}: ${error.message}` : 'broke a rule of the format';
