import type { CborValue, MultikeyBytes } from '@attestel/core';
import type { Operation } from './operation.ts';
import type { RunTask } from './threads/thread-pool.ts';

/** Says to the world that something happened; delivered in block order, never part of the state. */
export interface LedgerEvent {
  readonly module: string;
  readonly type: string;
  readonly data: { readonly [key: string]: CborValue };
}

/** State of one module as ordered text keys to CBOR values. Keys order by their UTF-8 bytes. */
export interface StateReader {
  get(key: string): CborValue | undefined;
  /** Entries whose key starts with `prefix`, in key order. */
  list(prefix: string): Iterable<readonly [key: string, value: CborValue]>;
  /** Key of the row that one of the module's {@link Lookups} finds. No receipt is made of it: the row itself proves it. */
  find(lookup: string): string | undefined;
}

/**
 * What rows of a module's state are found by besides their keys; no two rows by the same. Kept beside the state and no part
 * of its root: it follows from the rows, and whoever restores or checks a store makes it of them again.
 */
export interface Lookups {
  /** Rows whose keys begin so. */
  readonly prefix: string;
  /**
   * Texts in the form of keys, by the row's value alone. One definition for all versions of the rules, since rows of
   * earlier versions stay.
   */
  of(value: CborValue): readonly string[];
}

export interface State extends StateReader {
  put(key: string, value: CborValue): void;
  delete(key: string): void;
}

export interface ApplyContext {
  readonly network: string;
  readonly ns: string;
  readonly height: number;
  /**
   * Block time, unix seconds: that of the block in milliseconds, which strictly increases, rounded
   * down. Two blocks may share a second; `height` tells them apart.
   */
  readonly time: number;
  /** Other modules' state, as it is after the operations before this one. */
  read(module: string): StateReader;
  /** Whether a key of the operation's verified signatures may act on the ledger for this DID. */
  signedBy(did: string): boolean;
  /** Keys whose signatures over the operation verified. */
  readonly signers: readonly MultikeyBytes[];
}

/**
 * Rules of one part of the ledger: pure, synchronous, deterministic; decides on bytes inside the
 * operation and state alone. Refuses by throwing an AppError; then nothing has changed.
 */
export interface LedgerModule {
  readonly name: string;
  /**
   * `object`: the module itself checks `previous` and who may sign. `actor`: the host checks
   * `sequence` and that the actor's ledger key signed.
   */
  readonly ordering: 'object' | 'actor';
  /** Whether it also takes operations of namespaces other than `main`, as the ledger's namespace rule allows. */
  readonly inChannels?: boolean;
  readonly lookups?: Lookups;
  checkStateless(operation: Operation): void;
  /**
   * Checks the attachment against what the body commits to, and refuses a missing or unwanted one.
   * Only here may a module look at the attachment: it can be erased later, and `checkStateless` and
   * `apply` then run without it when the log is replayed. A module that takes no attachments refuses
   * them in `checkStateless` and leaves this method out.
   */
  checkAttachment?(operation: Operation): void;
  /**
   * Refuses, on the state of the head, what no block is going to take, before anybody pays for {@link checkAttachment}:
   * asked of operations that come in, never of those in a block, and decides nothing about what is in the log. Signatures
   * and {@link checkStateless} have passed. `context.time` is the head's, so blocks may be later. @throws AppError
   */
  screen?(state: StateReader, operation: Operation, context: ApplyContext): void;
  /**
   * Does the costly part of {@link checkAttachment} on other threads and remembers what came out, for that method to
   * say. Where it could not, it remembers nothing. Never rejects.
   */
  checkAhead?(operation: Operation, run: RunTask): Promise<void>;
  apply(state: State, operation: Operation, context: ApplyContext): readonly LedgerEvent[];
}

/** Ledger keys of a DID, from whatever module keeps them. The ledger itself knows no DID. */
export type ActorKeys = (read: (module: string) => StateReader, actor: string) => readonly MultikeyBytes[];

/**
 * Who may act in a namespace. Runs before the operation's module, on state alone; refuses by throwing an AppError.
 * `time`: block time, unix seconds.
 */
export type NamespaceRule = (
  read: (module: string) => StateReader,
  request: { readonly ns: string; readonly module: string; readonly actor: string; readonly time: number },
) => void;
