import { setTimeout } from 'node:timers/promises';
import { type AppError, type Bytes, isAppError, type Logger, toHex } from '@attestel/core';
import { fail } from '../../errors.ts';
import type { OperationResult } from '../../ledger.ts';
import type { Operation } from '../../operation.ts';
import { encodeEnvelope, MAX_ENVELOPE_OPERATIONS } from './envelope.ts';
import type { EnvelopeCache } from './envelope-cache.ts';

/** Operations that may wait at once; more are refused, so that a flood costs bounded memory. */
const MAX_WAITING = 20_000;
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

interface Waiting {
  readonly operation: Operation;
  readonly since: number;
  readonly promise: Promise<OperationResult>;
  readonly settle: (result: OperationResult) => void;
}

interface Sent {
  readonly tx: Bytes;
  readonly ids: readonly string[];
}

/**
 * From submitted operations to operations in a block. Envelopes are handed over one after another, so that a
 * sender's operations stay in order; the outcome comes from executing the block, on this node, as on any other.
 */
export class Submitter {
  readonly #options: SubmitterOptions;
  readonly #waiting = new Map<string, Waiting>();
  #queue: Operation[] = [];
  #sent: Sent[] = [];
  #sending = false;
  #closed = false;
  readonly #repeat: NodeJS.Timeout;

  constructor(options: SubmitterOptions) {
    this.#options = options;
    this.#repeat = setInterval(() => void this.#sendAgain(), options.repeatMilliseconds).unref();
  }

  /** The same operation again, by whomever, waits for the same outcome. */
  submit(operation: Operation): Promise<OperationResult> {
    const { id } = operation;
    const known = this.#waiting.get(toHex(id));
    if (known) return known.promise;
    const refusal = this.#full();
    if (refusal) return Promise.resolve({ ok: false, id, error: refusal });
    const { promise, resolve } = Promise.withResolvers<OperationResult>();
    const entry = { operation, since: performance.now(), promise, settle: resolve };
    this.#waiting.set(toHex(id), entry);
    this.#queue.push(operation);
    void this.#sendAll();
    return promise;
  }

  /** Called with every outcome of every committed block. */
  settle(result: OperationResult): void {
    const key = toHex(result.id);
    const entry = this.#waiting.get(key);
    if (!entry) return;
    this.#waiting.delete(key);
    entry.settle(result);
  }

  /** Whoever still waits is told that nothing is final. */
  close(): void {
    this.#closed = true;
    clearInterval(this.#repeat);
    this.#queue = [];
    for (const { operation } of [...this.#waiting.values()]) this.#refuse(operation, fail('not_final'));
  }

  #full(): AppError | undefined {
    if (this.#closed) return fail('ledger_closed');
    return this.#waiting.size >= MAX_WAITING ? fail('ledger_busy') : undefined;
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
      const operations = this.#queue.splice(0, envelopeLength(this.#queue));
      const admitted = await this.#admitted(operations);
      if (admitted.length > 0) await this.#send(admitted);
    }
    this.#sending = false;
  }

  /** Those that may be in a block; the others have their answer then. */
  async #admitted(operations: readonly Operation[]): Promise<readonly Operation[]> {
    await this.#options.verify(operations);
    return operations.filter((operation) => {
      const refusal = this.#admissionError(operation);
      if (refusal) this.#refuse(operation, refusal);
      return refusal === undefined;
    });
  }

  async #send(operations: readonly Operation[]): Promise<void> {
    const tx = encodeEnvelope(operations);
    this.#options.envelopes.keep(tx, operations);
    const code = await this.#handOver(tx);
    if (code === undefined || code === CODE_TAKEN) {
      this.#sent.push({ tx, ids: operations.map(({ id }) => toHex(id)) });
      return;
    }
    // Admitted here a moment ago and refused as a whole: a block came between. Each may have another reason.
    for (const operation of operations) {
      if (!this.#waiting.has(toHex(operation.id))) continue;
      const refusal = this.#admissionError(operation);
      if (refusal) this.#refuse(operation, refusal);
      else if (operations.length > 1) await this.#send([operation]);
      else this.#refuse(operation, fail('ledger_busy'));
    }
  }

  /** Undefined while the engine does not answer or has no room: it is asked again later. */
  async #handOver(tx: Bytes): Promise<number | undefined> {
    try {
      return (await this.#options.broadcast(tx)).code;
    } catch (error) {
      this.#options.logger.debug('broadcast_failed', { cause: error instanceof Error ? error.message : '' });
      return undefined;
    }
  }

  /** The same bytes again: an engine that still has them says so and does nothing. */
  async #sendAgain(): Promise<void> {
    const late = performance.now() - this.#options.finalityMilliseconds;
    for (const { operation, since } of [...this.#waiting.values()]) {
      if (since < late) this.#refuse(operation, fail('not_final'));
    }
    this.#sent = this.#sent.filter(({ ids }) => ids.some((id) => this.#waiting.has(id)));
    if (this.#sending) return;
    this.#sending = true;
    for (const { tx } of [...this.#sent]) await this.#handOver(tx);
    this.#sending = false;
    void this.#sendAll();
  }

  #refuse({ id }: Operation, error: AppError): void {
    this.settle({ ok: false, id, error });
  }
}

/** As many operations as an envelope takes; at least one. */
function envelopeLength(queue: readonly Operation[]): number {
  let bytes = 0;
  const end = queue.findIndex(({ payloadBytes, attachment }, i) => {
    bytes += payloadBytes.length + (attachment?.length ?? 0);
    return i > 0 && (i >= MAX_ENVELOPE_OPERATIONS || bytes > TARGET_ENVELOPE_BYTES);
  });
  return end < 0 ? queue.length : end;
}
