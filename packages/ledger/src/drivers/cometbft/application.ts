import { type Bytes, equalBytes, isAppError, type Logger, type Store } from '@attestel/core';
import type { AbciApplication } from '../../abci/application.ts';
import {
  CheckTxType,
  type RequestCheckTx,
  type RequestFinalizeBlock,
  type RequestInitChain,
  type RequestPrepareProposal,
  type RequestProcessProposal,
  type RequestQuery,
  ResponseProcessProposal_ProposalStatus as Status,
} from '../../abci/generated/tendermint/abci/types_pb.ts';
import { fail } from '../../errors.ts';
import type { Candidate, Executor } from '../../executor/executor.ts';
import type { Head } from '../../ledger.ts';
import { type CometRecord, readCometRecord, writeCometRecord } from '../../log/comet-record.ts';
import { readHead } from '../../log/head-record.ts';
import type { Operation } from '../../operation.ts';
import { clearUnfinished } from '../../snapshots/restore.ts';
import { assertFresh } from '../../state/assert-fresh.ts';
import { createStateReader } from '../../state/module-state.ts';
import {
  blockOf,
  CODE_REFUSED,
  type CometBlock,
  type ExecutedBlock,
  executeCometBlock,
  millisecondsOf,
  resultOf,
} from './comet-block.ts';
import type { EnvelopeCache } from './envelope-cache.ts';
import { parseGenesis } from './genesis-document.ts';
import { foundLedger } from './init-chain.ts';
import { isAdmittedPeer } from './peer-filter.ts';
import { chooseTxs, proposalFault } from './proposal.ts';
import { type Validator, type ValidatorSource, validatorUpdates } from './validators.ts';
import { createVerifyOnce, type VerifyTxs } from './verify-once.ts';

/** Version of what this application means by a block, in the engine's headers. */
const APP_VERSION = 1n;
const CODE_STALE = 2;
/**
 * Executed blocks held at one height. A height may take many rounds, each with another proposal; one that is decided
 * after it was let go is executed again.
 */
const MAX_CANDIDATES = 4;

export interface ApplicationParts {
  readonly executor: Executor;
  readonly store: Store;
  readonly network: string;
  readonly origin: string;
  readonly envelopes: EnvelopeCache;
  readonly logger: Logger;
  /** Absent: the engine keeps the validators of its genesis file for ever. */
  readonly validators?: ValidatorSource | undefined;
  /** Node ids of the engines that this one may be connected with. */
  readonly peers: readonly string[];
  /** Blocks the engine keeps; 0 keeps all. Ours are in the log. */
  readonly retainBlocks: number;
  /** Called with a transaction that is refused as things stand: this node may be a block behind the one that took it. */
  readonly onRefused?: (tx: Bytes, operations: readonly Operation[]) => void;
  /** Called when a block of the engine is durable, also one that left the ledger as it was. */
  readonly onCommit: (executed: ExecutedBlock, head: Head) => void;
}

export type BlockMethods = Omit<
  AbciApplication,
  'listSnapshots' | 'offerSnapshot' | 'loadSnapshotChunk' | 'applySnapshotChunk'
>;

/**
 * The ledger as the engine's application. Blocks are executed into memory as often as the engine asks and become
 * durable in `commit` alone, together with the engine's height; so after any crash the store holds a whole block,
 * and `info` tells the engine which, for it to replay what is missing.
 */
export class CometApplication implements BlockMethods {
  readonly #parts: ApplicationParts;
  readonly #verify: VerifyTxs;
  #record: CometRecord;
  /** Time of the ledger's last block. */
  #timeMs: number;
  #finalized: ExecutedBlock | undefined;
  #candidates: readonly Candidate[] = [];
  #committing: Promise<unknown> | undefined;

  constructor(parts: ApplicationParts) {
    this.#parts = parts;
    this.#verify = createVerifyOnce(parts);
    this.#record = { height: 0, appHash: new Uint8Array() };
    this.#timeMs = 0;
    this.reload();
  }

  /** Height of the engine's last committed block. */
  get height(): number {
    return this.#record.height;
  }

  /** Takes up what the store holds, as after a snapshot was restored. @throws AppError store_mismatch, store_damaged */
  reload(): void {
    const { store, executor } = this.#parts;
    const record = readCometRecord(store);
    // Somebody else has written to the ledger since: this node would part from the others at its next block.
    if (record && !equalBytes(record.appHash, executor.head.appHash)) {
      throw fail('store_mismatch', { field: 'comet' });
    }
    if (record) this.#record = record;
    this.#timeMs = readHead(store)?.timeMs ?? 0;
  }

  /** An engine that was killed within a commit leaves that behind: the next one is told how it ended. */
  async info() {
    await this.#committing?.catch(() => {});
    const { height, appHash } = this.#record;
    return {
      data: 'attestel',
      version: '1',
      appVersion: APP_VERSION,
      lastBlockHeight: BigInt(height),
      lastBlockAppHash: appHash,
    };
  }

  /** Who may connect; the ledger is read over the node's own HTTP interface, with receipts. */
  async query({ path }: RequestQuery) {
    return isAdmittedPeer(this.#parts.peers, path) ? { code: 0 } : { code: CODE_REFUSED, log: 'not served' };
  }

  async checkTx({ tx, type }: RequestCheckTx) {
    const { envelopes, executor, store } = this.#parts;
    const envelope = envelopes.read(tx);
    if (!envelope.operations) return { code: CODE_REFUSED, log: envelope.error };
    const { operations } = envelope;
    const stale = operations.map((operation) => codeOf(() => assertFresh(store, operation, executor.head)));
    if (stale.every((code) => code !== undefined)) return { code: CODE_STALE, log: stale[0] ?? '' };
    // What passed once has no reason to fail later but that it is done or late.
    if (type === CheckTxType.RECHECK) return { code: 0 };
    await this.#verify([tx], 'incoming');
    // Here alone, and not in a proposal: what a block refuses has an answer, what no block takes would wait for ever.
    const screened = operations.map((operation) => codeOf(() => executor.screen(operation))).find(Boolean);
    const fault = screened ?? proposalFault({ executor, envelopes }, [tx]);
    if (fault === undefined) return { code: 0 };
    this.#parts.onRefused?.(tx, operations);
    return { code: CODE_REFUSED, log: fault };
  }

  async initChain(request: RequestInitChain) {
    const { validators, store, logger } = this.#parts;
    if (this.#record.height > 0) throw fail('genesis_mismatch', { field: 'height' });
    if (request.initialHeight > 1n) throw fail('genesis_refused', { field: 'initial_height' });
    const genesis = parseGenesis(request.appStateBytes);
    // An engine that gave up joining by snapshot begins at the beginning.
    await clearUnfinished(store);
    const head = await foundLedger(this.#parts, genesis, millisecondsOf(request.time));
    const record = { height: 0, appHash: head.appHash };
    await store.transact((writer) => writeCometRecord(writer, record));
    this.reload();
    logger.info('comet_chain_begun', { chainId: request.chainId, size: head.size });
    const set = validators?.current((module) => createStateReader(store, module)) ?? [];
    return { appHash: head.appHash, validators: set.map(toUpdate) };
  }

  async prepareProposal(request: RequestPrepareProposal) {
    const { executor, envelopes } = this.#parts;
    const block = { height: Number(request.height), timeMs: millisecondsOf(request.time) };
    await this.#verify(request.txs, 'block');
    const txs = chooseTxs({ executor, envelopes }, request.txs, {
      maxBytes: Number(request.maxTxBytes),
      execute: (chosen) => this.#execute({ ...block, txs: chosen }),
    });
    return { txs: [...txs] };
  }

  async processProposal(request: RequestProcessProposal) {
    const { executor, envelopes, logger } = this.#parts;
    await this.#verify(request.txs, 'block');
    const fault = proposalFault({ executor, envelopes }, request.txs);
    if (fault !== undefined) {
      logger.warn('proposal_rejected', { height: Number(request.height), code: fault });
      return { status: Status.REJECT };
    }
    this.#execute(blockOf(request));
    return { status: Status.ACCEPT };
  }

  async finalizeBlock(request: RequestFinalizeBlock) {
    const { executor, validators, store } = this.#parts;
    const block = blockOf(request);
    await this.#verify(block.txs, 'block');
    // Never twice, never with a gap: the engine and this store would disagree from here on. After what took time, in
    // which an engine that was killed may have come back and committed this very block.
    if (block.height !== this.#record.height + 1) throw fail('store_mismatch', { field: 'height' });
    const executed = this.#execute(block);
    this.#finalized = executed;
    const { candidate, outcomes } = executed;
    const read = (module: string) => createStateReader(store, module);
    return {
      txResults: outcomes.map(resultOf),
      validatorUpdates: validators ? validatorUpdates(validators, read, candidate).map(toUpdate) : [],
      appHash: candidate.changed ? candidate.appHash : executor.head.appHash,
    };
  }

  async commit() {
    const executed = this.#finalized;
    if (!executed) throw new TypeError('ledger: commit without a finalised block');
    this.#finalized = undefined;
    const committing = this.#commit(executed);
    this.#committing = committing;
    return committing;
  }

  async #commit(executed: ExecutedBlock) {
    const { executor, retainBlocks, onCommit } = this.#parts;
    const { candidate, block } = executed;
    const appHash = candidate.changed ? candidate.appHash : executor.head.appHash;
    const record = { height: block.height, appHash };
    const head = await executor.commit(candidate, (writer) => writeCometRecord(writer, record));
    this.#record = record;
    this.#candidates = [];
    if (candidate.changed) this.#timeMs = candidate.timeMs;
    onCommit(executed, head);
    const retain = retainBlocks === 0 ? 0 : Math.max(0, block.height - retainBlocks);
    return { retainHeight: BigInt(retain) };
  }

  #execute(block: CometBlock): ExecutedBlock {
    const executed = executeCometBlock(this.#parts, block, this.#timeMs);
    const { candidate } = executed;
    const held = [...this.#candidates.filter((other) => other !== candidate), candidate];
    for (const old of held.splice(0, held.length - MAX_CANDIDATES)) this.#parts.executor.discard(old);
    this.#candidates = held;
    return executed;
  }
}

const toUpdate = ({ publicKey, power }: Validator) => ({
  pubKey: { sum: { case: 'ed25519' as const, value: publicKey } },
  power: BigInt(power),
});

function codeOf(work: () => void): string | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    if (!isAppError(error)) throw error;
    return error.code;
  }
}
