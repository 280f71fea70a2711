import { equalBytes, toHex } from '@attestel/core';
import type { OperationResult } from '../../ledger.ts';
import type { Operation } from '../../operation.ts';

/** Bounds of what waits at once, so that a flood costs bounded memory. */
const MAX_WAITING = 20_000;
const MAX_WAITING_BYTES = 64_000_000;

/** An operation whose submitter has no answer yet. */
export interface Waiting {
  readonly operation: Operation;
  /** Bytes of payload, signatures and attachment, about. */
  readonly bytes: number;
  /** Monotonic milliseconds. */
  readonly since: number;
  readonly promise: Promise<OperationResult>;
  readonly isSettled: boolean;
}

interface Entry extends Waiting {
  isSettled: boolean;
  readonly resolve: (result: OperationResult) => void;
}

/**
 * Operations that wait for a block. Signatures and attachment are no part of an operation's id: who sends it with other
 * ones waits beside it. What becomes of the one that is badly or not sufficiently signed is no answer for the other.
 */
export class WaitingOperations {
  readonly #byId = new Map<string, Entry[]>();
  #count = 0;
  #bytes = 0;

  get isFull(): boolean {
    return this.#count >= MAX_WAITING || this.#bytes >= MAX_WAITING_BYTES;
  }

  /** Same payload, signatures and attachment. */
  find(operation: Operation): Waiting | undefined {
    return this.#byId.get(toHex(operation.id))?.find((entry) => isSame(entry.operation, operation));
  }

  add(operation: Operation): Waiting {
    const { promise, resolve } = Promise.withResolvers<OperationResult>();
    const since = performance.now();
    const entry = { operation, bytes: sizeOf(operation), since, promise, resolve, isSettled: false };
    const key = toHex(operation.id);
    this.#byId.set(key, [...(this.#byId.get(key) ?? []), entry]);
    this.#count += 1;
    this.#bytes += entry.bytes;
    return entry;
  }

  all(): readonly Waiting[] {
    return [...this.#byId.values()].flat();
  }

  /** What a block says of an operation: accepted, it is so for whoever sent it; refused, for those who sent the same. */
  settle(operation: Operation, result: OperationResult): void {
    for (const entry of this.#byId.get(toHex(operation.id)) ?? []) {
      if (result.ok || isSame(entry.operation, operation)) this.#end(entry, result);
    }
  }

  /** The answer to one of them alone. */
  answer(waiting: Waiting, result: OperationResult): void {
    const entry = this.#byId.get(toHex(waiting.operation.id))?.find((one) => one === waiting);
    if (entry) this.#end(entry, result);
  }

  #end(entry: Entry, result: OperationResult): void {
    const key = toHex(entry.operation.id);
    const left = this.#byId.get(key)?.filter((one) => one !== entry) ?? [];
    if (left.length > 0) this.#byId.set(key, left);
    else this.#byId.delete(key);
    this.#count -= 1;
    this.#bytes -= entry.bytes;
    entry.isSettled = true;
    entry.resolve(result);
  }
}

function isSame(a: Operation, b: Operation): boolean {
  if (a === b) return true;
  const sameAttachment =
    a.attachment === null || b.attachment === null
      ? a.attachment === b.attachment
      : equalBytes(a.attachment, b.attachment);
  return (
    sameAttachment &&
    a.signatures.length === b.signatures.length &&
    a.signatures.every(({ key, signature }, i) => {
      const other = b.signatures[i];
      return other && equalBytes(key, other.key) && equalBytes(signature, other.signature);
    })
  );
}

const sizeOf = ({ payloadBytes, signatures, attachment }: Operation): number =>
  signatures.reduce((sum, { key, signature }) => sum + key.length + signature.length, payloadBytes.length) +
  (attachment?.length ?? 0);
