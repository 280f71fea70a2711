import { isAppError, type StoreReader } from '@attestel/core';
import { EMPTY_TRIE, formatLedgerBody } from '@attestel/proof';
import { fail } from '../errors.ts';
import { appHashOf } from '../log/head.ts';
import type { HeadRecord } from '../log/head-record.ts';
import { type SealedBlock, sealBlock } from '../log/seal-block.ts';
import type { Operation } from '../operation.ts';
import { toConsistent } from '../operations/decode-operation.ts';
import { sha256 } from '../sha256.ts';
import { admitOperation } from '../state/admit-operation.ts';
import {
  type Executed,
  type Execution,
  executeBlock,
  isAccepted,
  MAX_BLOCK_OPERATIONS,
} from '../state/execute-block.ts';
import type { RuleBook, Rules } from '../state/rules.ts';
import { TABLES } from '../tables.ts';
import type { StateTrie } from '../trie/state-trie.ts';
import type { TrieUpdate } from '../trie/trie-update.ts';
import type { Block, Candidate } from './executor.ts';
import type { StateChange } from './recent-state.ts';

export interface Parts {
  readonly book: RuleBook;
  readonly trie: StateTrie;
}

/** What a block is executed above: the head, or a block that is on its way to become it. */
export interface Base {
  readonly record: HeadRecord;
  /** Checkpoint body. */
  readonly body: Candidate['body'];
  /** The store as it is then. */
  readonly view: StoreReader;
  /** Of a block that is not durable yet. */
  readonly update?: TrieUpdate;
}

/** A candidate with what its commit needs. */
export interface Prepared {
  readonly candidate: Candidate;
  readonly execution: Execution;
  /** Undefined when nothing was accepted. */
  readonly made:
    | {
        readonly sealed: SealedBlock;
        readonly head: HeadRecord;
        readonly changes: readonly StateChange[];
        readonly update: TrieUpdate;
      }
    | undefined;
}

export const emptyRecord = (network: string, origin: string): HeadRecord => ({
  network,
  origin,
  height: 0,
  timeMs: 0,
  frontier: { size: 0, hashes: [] },
  state: EMPTY_TRIE,
  checkpoint: '',
});

/** Executes a block above a base; nothing is written. @throws AppError version_missing; TypeError for its time or number */
export function prepareCandidate({ book, trie }: Parts, base: Base, block: Block): Prepared {
  const { timeMs } = block;
  const { record: before, view } = base;
  if (!Number.isSafeInteger(timeMs) || timeMs <= before.timeMs) {
    throw new TypeError('ledger: block time must be whole milliseconds and increase');
  }
  // A replay refuses a larger one: this must not be the node that makes it.
  if (block.operations.length > MAX_BLOCK_OPERATIONS) throw new TypeError('ledger: too many for a block');
  const height = before.height + 1;
  const { size } = before.frontier;
  const rules = book.at(view, height);
  const execution = executeAdmitted(rules, view, block, { height, timeMs, size });
  const { outcomes } = execution;
  if (!outcomes.some(isAccepted)) {
    const stateRoot = before.state;
    const unchanged = { body: base.body, appHash: appHashOf(base.body), leaves: [], changed: false };
    return { candidate: { height, timeMs, outcomes, stateRoot, ...unchanged }, execution, made: undefined };
  }
  const above = base.update && { update: base.update, reader: view };
  const changes = changesOf(execution);
  const update = trie.update(changes, above);
  const state = trie.rootOf(update);
  const sealed = sealBlock(before.frontier, { height, timeMs, size, sm: rules.sm, state }, outcomes);
  const { origin, network } = before;
  const { frontier, leaves, root } = sealed;
  const body = formatLedgerBody({ origin, size: frontier.size, root, state });
  const next = { network, origin, height, timeMs, frontier, state, checkpoint: '' };
  const appHash = appHashOf(body);
  return {
    candidate: { height, timeMs, outcomes, leaves, stateRoot: state, body, appHash, changed: true },
    execution,
    made: { sealed, head: next, changes, update },
  };
}

interface Header {
  readonly height: number;
  readonly timeMs: number;
  readonly size: number;
}

/** Refuses what does not pass admission, and executes the rest in order. */
function executeAdmitted(rules: Rules, store: StoreReader, block: Block, header: Header): Execution {
  const source = block.source ?? 'submitted';
  const admissions = block.operations.map((given) => admission(rules, given, source));
  const admitted = admissions.filter(isAdmitted).map(({ operation }) => operation);
  const execution = executeBlock(rules, store, admitted, header);
  if (admitted.length === admissions.length) return execution;
  const executed = execution.outcomes[Symbol.iterator]();
  const outcomes = admissions.map((one) => (isAdmitted(one) ? (executed.next().value as Executed) : one));
  return { outcomes, writes: execution.writes };
}

type Refused = Extract<Executed, { error: unknown }>;
type Admission = { readonly operation: Operation } | Refused;

const isAdmitted = (admission: Admission): admission is { readonly operation: Operation } =>
  !('error' in admission);

function admission(rules: Rules, given: Operation, source: 'submitted' | 'log'): Admission {
  try {
    const operation = toConsistent(given);
    admitOperation(rules, operation, source);
    return { operation };
  } catch (error) {
    return { operation: given, error: isAppError(error) ? error : fail('module_failed', { cause: error }) };
  }
}

/** Changes of the state table, by the hashes that the trie knows. */
function changesOf({ writes }: Execution): StateChange[] {
  const changes: StateChange[] = [];
  for (const { key, value } of writes.changes(TABLES.state)) {
    // The stored key is `module ‖ 0 ‖ key`: exactly what the trie hashes.
    changes.push({ key, keyHash: sha256(key), valueHash: value && sha256(value) });
  }
  return changes;
}
