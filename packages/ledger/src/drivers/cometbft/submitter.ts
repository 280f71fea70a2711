import { setTimeout } from 'node:timers/promises';
import { type AppError, type Bytes, isAppError, type Logger } from '@attestel/core';
import { fail } from '../../errors.ts';
import type { OperationResult } from '../../ledger.ts';
import type { Operation } from '../../operation.ts';
import { encodeEnvelope, MAX_ENVELOPE_OPERATIONS } from './envelope.ts';
import type { EnvelopeCache } from './envelope-cache.ts';
import { type Waiting, WaitingOperations } from './waiting-operations.ts';

/** Room for the encoding around operations below the engine's bound of a transaction. */
const TARGET_ENVELOPE_BYTES = 500_000;
const CODE_TAKEN = 0;

export interface SubmitterOptions {
  /** Checks signatures ahead, so that `admit` need not. Never rejects. */
  readonly verify: (operations: readonly Operation[]) => Promise<void>;
  /** Checks that need no block. @throws AppError */
  readonly admit: (operation: Operation) => void;
  /** Hands a transaction to the engine. Resolves with what `checkTx` said. */
  readonly broadcast: (tx: Bytes) => Promise<{ readonly code: number; readonly log: string }>;
  readonly envelopes: EnvelopeCache;
  readonly logger: Logger;
  /** How long an envelope waits for more operations. */
  readonly collectMilliseconds: number;
  /** After this time without a block that holds it, a submitter is told `not_final`. */
  readonly finalityMilliseconds: number;
  /** An envelope that no block holds yet is handed over again this often: engines forget when they restart. */
  readonly repeatMilliseconds: number;
}

interface Sent {
  readonly tx: Bytes;
  readonly entries: readonly Waiting[];
}

/**
 * From submitted operations to operations in a block. Envelopes are handed over one after another, so that a
 * sender's operations stay in order; the outcome comes from executing the block, on this node, as on any other.
 */
export class Submitter {
  readonly #options: SubmitterOptions;
  readonly #waiting = new WaitingOperations();
  #queue: Waiting[] = [];
  #sent: Sent[] = [];
  #sending = false;
  #closed = false;
  /** What the engine last did instead of answering; empty while it answers. */
  #silence = '';
  readonly #repeat: NodeJS.Timeout;

  constructor(options: SubmitterOptions) {
    this.#options = options;
    this.#repeat = setInterval(() => void this.#sendAgain(), options.repeatMilliseconds).unref();
  }

  /** The same operation again, by whomever, waits for the same outcome. */
  submit(operation: Operation): Promise<OperationResult> {
    const known = this.#waiting.find(operation);
    if (known) return known.promise;
    const refusal = this.#full();
    if (refusal) return Promise.resolve({ ok: false, id: operation.id, error: refusal });
    const entry = this.#waiting.add(operation);
    this.#queue.push(entry);
    void this.#sendAll();
    return entry.promise;
  }

  /** Whether somebody here waits for what becomes of this very operation. */
  awaits(operation: Operation): boolean {
    return this.#waiting.find(operation) !== undefined;
  }

  /** Called with every operation of every committed block, and its outcome. */
  settle(operation: Operation, result: OperationResult): void {
    this.#waiting.settle(operation, result);
  }

  /** Whoever still waits is told that nothing is final. */
  close(): void {
    this.#closed = true;
    clearInterval(this.#repeat);
    this.#queue = [];
    for (const entry of this.#waiting.all()) this.#refuse(entry, fail('not_final'));
  }

  #full(): AppError | undefined {
    if (this.#closed) return fail('ledger_closed');
    return this.#waiting.isFull ? fail('ledger_busy') : undefined;
  }

  #admissionError(operation: Operation): AppError | undefined {
    try {
      this.#options.admit(operation);
      return undefined;
    } catch (error) {
      return isAppError(error) ? error : fail('module_failed', { cause: error });
    }
  }

  async #sendAll(): Promise<void> {
    if (this.#sending) return;
    this.#sending = true;
    while (this.#queue.length > 0) {
      await setTimeout(this.#options.collectMilliseconds);
      const entries = this.#queue.splice(0, envelopeLength(this.#queue));
      const admitted = await this.#admitted(entries);
      if (admitted.length > 0) await this.#send(admitted);
    }
    this.#sending = false;
  }

  /** Those that may be in a block and whose submitter has no answer yet; the others get theirs. */
  async #admitted(entries: readonly Waiting[]): Promise<readonly Waiting[]> {
    await this.#options.verify(entries.map(({ operation }) => operation));
    return entries.filter((entry) => {
      if (entry.isSettled) return false;
      const refusal = this.#admissionError(entry.operation);
      if (refusal) this.#refuse(entry, refusal);
      return refusal === undefined;
    });
  }

  async #send(entries: readonly Waiting[]): Promise<void> {
    const operations = entries.map(({ operation }) => operation);
    const tx = encodeEnvelope(operations);
    this.#options.envelopes.keep(tx, operations);
    const code = await this.#handOver(tx);
    if (code === undefined || code === CODE_TAKEN) {
      this.#sent.push({ tx, entries });
      return;
    }
    // Admitted here a moment ago and refused as a whole: a block came between. Each may have another reason.
    for (const entry of entries) {
      if (entry.isSettled) continue;
      const refusal = this.#admissionError(entry.operation);
      if (refusal) this.#refuse(entry, refusal);
      else if (entries.length > 1) await this.#send([entry]);
      else this.#refuse(entry, fail('ledger_busy'));
    }
  }

  /** Undefined while the engine does not answer or has no room: it is asked again later. */
  async #handOver(tx: Bytes): Promise<number | undefined> {
    try {
      const { code } = await this.#options.broadcast(tx);
      this.#silence = '';
      return code;
    } catch (error) {
      this.#silence = error instanceof Error ? error.message : 'no error';
      this.#options.logger.debug('broadcast_failed', { cause: this.#silence });
      return undefined;
    }
  }

  /** The same bytes again: an engine that still has them says so and does nothing. */
  async #sendAgain(): Promise<void> {
    this.#giveUpOnLate();
    this.#sent = this.#sent.filter(({ entries }) => entries.some(({ isSettled }) => !isSettled));
    if (this.#sending) return;
    this.#sending = true;
    for (const { tx, entries } of [...this.#sent]) {
      if (entries.some(({ isSettled }) => !isSettled)) await this.#handOver(tx);
    }
    this.#sending = false;
    void this.#sendAll();
  }

  /** The log says where they stood still: before the engine had them, or with it. */
  #giveUpOnLate(): void {
    const { finalityMilliseconds, logger } = this.#options;
    const since = performance.now() - finalityMilliseconds;
    const late = this.#waiting.all().filter((entry) => entry.since < since);
    if (late.length === 0) return;
    const sent = new Set(this.#sent.flatMap(({ entries }) => entries));
    const counts = { operations: late.length, handedOver: late.filter((entry) => sent.has(entry)).length };
    logger.warn('operations_not_final', { ...counts, engine: this.#silence || 'answers' });
    for (const entry of late) this.#refuse(entry, fail('not_final'));
  }

  #refuse(entry: Waiting, error: AppError): void {
    this.#waiting.answer(entry, { ok: false, id: entry.operation.id, error });
  }
}

/** As many operations as an envelope takes; at least one. */
function envelopeLength(queue: readonly Waiting[]): number {
  let bytes = 0;
  const end = queue.findIndex((entry, i) => {
    bytes += entry.bytes;
    return i > 0 && (i >= MAX_ENVELOPE_OPERATIONS || bytes > TARGET_ENVELOPE_BYTES);
  });
  return end < 0 ? queue.length : end;
}
