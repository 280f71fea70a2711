import type { Bytes } from '@attestel/core';

/** A log entry on its way to a verifier, with whatever its source knows beside it. */
export interface LogEntry {
  readonly index: number;
  /** Exact leaf bytes. */
  readonly bytes: Bytes;
  readonly attachment?: Bytes;
  /** Leaf hash as the source remembers it: tells which entry changed, proves nothing. */
  readonly hash?: Bytes;
  /** Signed checkpoint of the log up to and with this entry. */
  readonly checkpoint?: string;
}

/** Why an entry is bad. */
export type LogFault =
  | 'entry_missing' // the index is not the next one
  | 'entry_malformed'
  | 'entry_changed' // its source remembers another hash
  | 'entry_moved' // its source remembers it at another index
  | 'genesis_mismatch' // the log began with other operations
  | 'operation_refused' // signature, sequence, rule of a module: see detail
  | 'block_malformed' // height, size, time or version do not follow
  | 'root_mismatch' // the entries do not make the signed root
  | 'checkpoint_invalid'
  | 'checkpoint_missing'
  | 'block_open' // operations after the last block
  | 'head_mismatch' // the store's head is not that of its log
  | 'state_mismatch'; // the store's state is not what its log makes

export type LedgerVerification =
  | {
      readonly ok: true;
      readonly height: number;
      /** Block time of the last block, unix seconds. */
      readonly time: number;
      readonly size: number;
      readonly root: Bytes;
      /**
       * Operations that came without the attachment they commit to: erased, or left out by the source.
       * The log alone cannot tell which.
       */
      readonly attachmentsMissing: number;
    }
  | {
      readonly ok: false;
      /** First bad entry; where only a root tells, the entry that closes the stretch it covers. */
      readonly index: number;
      readonly reason: LogFault;
      /** For people. Names rules and indices, repeats no content. */
      readonly detail: string;
    };

/** Ends a replay at the first bad entry. Stays inside this folder. */
export class LogFaultError extends Error {
  readonly index: number;
  readonly reason: LogFault;

  constructor(index: number, reason: LogFault, detail: string, cause?: unknown) {
    super(detail, { cause });
    this.index = index;
    this.reason = reason;
  }
}
