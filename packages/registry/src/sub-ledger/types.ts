import type { Bytes } from '@attestel/core';

/** A ledger of its own, with its own log, state and cosigners, that shows its parent how it goes on. */
export interface SubLedger {
  /** First line of its checkpoints. */
  readonly origin: string;
  /** C2SP tlog-policy text: whose cosignatures make its checkpoints count. */
  readonly policy: string;
  /** The newest anchored checkpoint; null before the first. */
  readonly anchor: Anchor | null;
  /** Operation that showed a second history, cosigned by the same quorum; nothing is anchored since. */
  readonly fork: Fork | null;
}

/** A checkpoint of a sub-ledger that the parent's state machine has verified. */
export interface Anchor {
  /** Entries in its log. */
  readonly size: number;
  /** Size of the anchor before; null for the first. */
  readonly previous: number | null;
  /** RFC 6962 root of its log. */
  readonly root: Bytes;
  /** Root of its state trie. */
  readonly state: Bytes;
  /** Its quorum stood by it then or later, unix seconds by the cosigners' clocks. */
  readonly cosigned: number;
  /** Operation of the parent that holds note and proof. */
  readonly operation: Bytes;
  /** Block time of the parent, unix seconds. */
  readonly time: number;
}

export interface Fork {
  readonly operation: Bytes;
  /** Size at which there are two checkpoints. */
  readonly size: number;
  /** The one that is not anchored. */
  readonly note: string;
  readonly time: number;
}
