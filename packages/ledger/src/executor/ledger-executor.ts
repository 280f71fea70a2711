import { equalBytes, type Signer, type Store, type StoreWriter } from '@attestel/core';
import { formatNote, type NoteSignature } from '@attestel/proof';
import { fail } from '../errors.ts';
import type { Head } from '../ledger.ts';
import { toHead } from '../log/head.ts';
import { encodeBlock, type HeadRecord, readBlock } from '../log/head-record.ts';
import { signAsLog, signAsWitness, type WitnessKey } from '../log/sign-checkpoint.ts';
import { writeBlock } from '../log/write-block.ts';
import type { Operation } from '../operation.ts';
import type { BatchVerifier } from '../signatures/batch-verifier.ts';
import { admitOperation, admitUpToAttachment } from '../state/admit-operation.ts';
import { isAccepted } from '../state/execute-block.ts';
import type { RuleBook } from '../state/rules.ts';
import { screenOperation } from '../state/screen-operation.ts';
import { createOverlay, type Overlay } from '../store/overlay.ts';
import { TABLES, u64 } from '../tables.ts';
import type { StateTrie } from '../trie/state-trie.ts';
import type { CommitMeter } from './commit-meter.ts';
import type { Block, Candidate, Executor } from './executor.ts';
import { type Base, type Prepared, prepareCandidate } from './prepare-candidate.ts';
import { RecentState } from './recent-state.ts';
import { checkAttachmentsAhead, verifyAhead } from './verify-ahead.ts';
import {
  assertCosignable,
  encodeWitness,
  readWitness,
  type WitnessRecord,
  witnessKey,
} from './witness-record.ts';

export interface ExecutorParts {
  readonly book: RuleBook;
  readonly store: Store;
  readonly trie: StateTrie;
  /** The log's own key; absent where several nodes agree on each block. */
  readonly logSigner?: Signer | undefined;
  readonly witness?: WitnessKey | undefined;
  /** Checks signatures ahead of execution, on other threads. */
  readonly batchVerifier?: BatchVerifier | undefined;
  readonly meter?: CommitMeter | undefined;
}

/** See {@link Executor}. Holds the head, and moves it one committed candidate at a time. */
export class LedgerExecutor implements Executor {
  readonly recent: RecentState;
  readonly #parts: ExecutorParts;
  readonly #prepared = new Map<Candidate, Prepared>();
  readonly #byId = new Map<string, Candidate>();
  #record: HeadRecord;
  #head: Head;
  #witnessed: WitnessRecord | undefined;
  #state: 'ready' | 'committing' | 'halted' = 'ready';
  #committing: Candidate | undefined;
  /** The block that is being committed, for the one after it. */
  #ahead: Base | undefined;
  /** Executed above {@link #ahead}: good when that becomes the head, and void otherwise. */
  #aboveAhead: Candidate | undefined;

  constructor(parts: ExecutorParts, record: HeadRecord) {
    this.#parts = parts;
    this.#record = record;
    this.#head = toHead(record);
    this.#witnessed = readWitness(parts.store);
    this.recent = new RecentState(parts.store, parts.trie);
  }

  get head(): Head {
    return this.#head;
  }

  /** What the store keeps of the head. */
  get record(): HeadRecord {
    return this.#record;
  }

  get halted(): boolean {
    return this.#state === 'halted';
  }

  admit(operation: Operation): void {
    const { book, store } = this.#parts;
    admitOperation(book.at(store, this.#record.height + 1), operation, 'submitted');
  }

  screen(operation: Operation): void {
    const { book, store } = this.#parts;
    screenOperation(book.at(store, this.#record.height + 1), store, operation, this.#head);
  }

  async verify(operations: readonly Operation[], from: 'incoming' | 'block'): Promise<void> {
    const { book, store, batchVerifier } = this.#parts;
    if (!batchVerifier) return;
    await verifyAhead(book, batchVerifier, operations);
    const { run } = batchVerifier;
    if (!run) return;
    const rules = () => book.at(store, this.#record.height + 1);
    await checkAttachmentsAhead(operations, {
      run,
      rules,
      pass: (operation) =>
        from === 'incoming' ? this.screen(operation) : void admitUpToAttachment(rules(), operation),
    });
  }

  execute(block: Block, id?: string): Candidate {
    this.#assertReady();
    const known = id === undefined ? undefined : this.#byId.get(id);
    if (known) return known;
    const candidate = this.#prepare(this.#base, block);
    if (id !== undefined) this.#byId.set(id, candidate);
    return candidate;
  }

  /**
   * As {@link execute}, and while a block is being committed, above that one. It can be committed once that block is
   * the head; should that fail, it is void. One at a time.
   */
  executeAhead(block: Block): Candidate {
    const ahead = this.#ahead;
    if (!ahead) return this.execute(block);
    if (this.#state === 'halted') throw fail('ledger_halted');
    if (this.#aboveAhead) throw new TypeError('ledger: a block is ahead already');
    this.#aboveAhead = this.#prepare(ahead, block);
    return this.#aboveAhead;
  }

  /** Whether a candidate can be committed, now or after the one that is being committed. */
  has(candidate: Candidate): boolean {
    return this.#prepared.has(candidate);
  }

  /** What {@link executeAhead} executes above: the record of the head, or of the block that is being committed. */
  get ahead(): HeadRecord {
    return this.#ahead?.record ?? this.#record;
  }

  get #base(): Base {
    return { record: this.#record, body: this.#head.body, view: this.#parts.store };
  }

  #prepare(base: Base, block: Block): Candidate {
    const prepared = prepareCandidate(this.#parts, base, block);
    this.#prepared.set(prepared.candidate, prepared);
    return prepared.candidate;
  }

  discard(candidate: Candidate): void {
    // Its nodes are about to be the head's; should the commit fail, the next one takes them away.
    if (candidate === this.#committing) return;
    const made = this.#prepared.get(candidate)?.made;
    if (made) this.#parts.trie.discard(made.update);
    this.#prepared.delete(candidate);
    for (const [id, named] of this.#byId) if (named === candidate) this.#byId.delete(id);
  }

  commit(candidate: Candidate, extra?: (writer: StoreWriter) => void): Promise<Head> {
    return this.commitWith(candidate, (body) => this.#sign(candidate, body), extra);
  }

  /** With a checkpoint note of another origin than this node's own keys: a replay brings the log's. */
  async commitWith(
    candidate: Candidate,
    sign: (body: string) => Promise<string>,
    extra: (writer: StoreWriter) => void = () => {},
  ): Promise<Head> {
    this.#assertReady();
    const prepared = this.#prepared.get(candidate);
    if (!prepared) throw new TypeError('ledger: not a candidate above this head');
    this.#state = 'committing';
    this.#committing = candidate;
    const began = this.#parts.meter?.now() ?? 0;
    const block = createOverlay(this.#parts.store);
    try {
      this.#begin(prepared, block);
      const checkpoint = prepared.made ? await sign(candidate.body) : this.#record.checkpoint;
      await this.#write(prepared, block, checkpoint, extra);
    } finally {
      this.#committing = undefined;
      this.#ahead = undefined;
      // Still there after a failure: what it stands on did not become the head.
      if (this.#aboveAhead) this.discard(this.#aboveAhead);
      this.#aboveAhead = undefined;
      if (this.#state === 'committing') this.#state = 'ready';
    }
    this.#measure(candidate, began);
    return this.#head;
  }

  #measure({ outcomes }: Candidate, began: number): void {
    const { meter } = this.#parts;
    const operations = outcomes.filter(isAccepted).length;
    if (!meter || operations === 0) return;
    try {
      meter.committed({ operations, milliseconds: meter.now() - began });
    } catch {
      // The block is durable: a meter that breaks loses figures and must not make it look failed.
    }
  }

  /**
   * A block of a log that another node orders: with that log's verified signature, where it has a key, and this node's cosignature beside it.
   * @throws as {@link commit}
   */
  commitFollowed(candidate: Candidate, logSignature: NoteSignature | undefined): Promise<Head> {
    const given = logSignature ? [logSignature] : [];
    return this.commitWith(candidate, (body) => this.#sign(candidate, body, given));
  }

  /** State and trie as they will be: all that the execution of the next block reads. */
  #begin({ candidate, execution, made }: Prepared, block: Overlay): void {
    if (!made) return;
    execution.writes.applyTo(block);
    this.#parts.trie.writeTo(block, made.update);
    this.#ahead = { record: made.head, body: candidate.body, view: block, update: made.update };
  }

  async #write(
    { candidate, execution, made }: Prepared,
    block: Overlay,
    checkpoint: string,
    extra: (writer: StoreWriter) => void,
  ) {
    const { store, trie, witness } = this.#parts;
    const head = made && { ...made.head, checkpoint };
    const witnessed = { size: made?.head.frontier.size ?? 0, hash: candidate.appHash };
    if (made && head) {
      this.recent.stage(made.changes, made.update.existing);
      writeBlock(block, execution, made.sealed, { head, body: candidate.body });
      this.#keepNote(block);
      if (witness) block.give(TABLES.meta, witnessKey, encodeWitness(witnessed));
    }
    try {
      await store.transact((writer) => {
        block.applyTo(writer);
        extra(writer);
      });
    } catch (error) {
      // Whether it is durable is now known to the disk only. Going on could fork the log.
      this.#state = 'halted';
      throw error;
    }
    if (made && head) {
      trie.commit(made.update);
      this.recent.settle();
      if (witness) this.#witnessed = witnessed;
      this.#record = head;
      this.#head = toHead(head);
    }
    this.#prepared.delete(candidate);
    this.#byId.clear();
    const next = this.#aboveAhead;
    this.#aboveAhead = undefined;
    for (const other of [...this.#prepared.keys()]) if (other !== next) this.discard(other);
  }

  /** Cosignatures that came for the head since its commit, in the transaction of the block after it. */
  #keepNote(block: Overlay): void {
    const { height, checkpoint } = this.#head;
    const record = checkpoint === this.#record.checkpoint ? undefined : readBlock(block, height);
    if (record) block.give(TABLES.blocks, u64(height), encodeBlock({ ...record, checkpoint }));
  }

  /** The log's signature, then this node's cosignature, in one note; empty when the node has neither key. */
  async #sign(candidate: Candidate, body: string, given: readonly NoteSignature[] = []): Promise<string> {
    const { logSigner, witness } = this.#parts;
    const signatures = [...given];
    if (logSigner) signatures.push(await signAsLog(logSigner, this.#record.origin, body));
    if (witness) {
      const size = this.#record.frontier.size + candidate.leaves.length;
      assertCosignable(this.#witnessed, { size, appHash: candidate.appHash });
      signatures.push(await signAsWitness(witness, body));
    }
    return signatures.length === 0 ? '' : formatNote(body, signatures);
  }

  /**
   * Cosigns the head again, with a newer time. Changes no commitment. Undefined without a witness key or an entry, and
   * while a block is being committed: its checkpoint is cosigned then, and this key never goes back to a smaller log.
   * @throws AppError cosign_refused, checkpoint_not_signed
   */
  async cosignAgain(): Promise<NoteSignature | undefined> {
    const { witness } = this.#parts;
    const { body, size, appHash } = this.#head;
    if (!witness || size === 0 || this.#state !== 'ready') return undefined;
    assertCosignable(this.#witnessed, { size, appHash });
    return signAsWitness(witness, body);
  }

  /** Replaces the head's note by one with more signatures of the same body. */
  showNote(hash: Head['appHash'], checkpoint: string): void {
    if (equalBytes(this.#head.appHash, hash)) this.#head = { ...this.#head, checkpoint };
  }

  #assertReady(): void {
    if (this.#state === 'halted') throw fail('ledger_halted');
    if (this.#state === 'committing') throw new TypeError('ledger: a commit is under way');
  }
}
