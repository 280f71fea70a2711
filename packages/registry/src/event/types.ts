import type { Bytes, MultikeyBytes } from '@attestel/core';
import type { Role } from '../types.ts';

/**
 * Whom a rule counts without naming them: active members with that role in the registry, the channel's governors,
 * or whoever acts (`writer`: the actor of a line is always a writer).
 */
export type RuleRole = Role | 'governor' | 'writer';

/** Who may move an object. Fixed by its first line; replaced only by parties of it, of whom `writer` is none. */
export interface Rule {
  /** Distinct parties that must sign a line. */
  readonly threshold: number;
  /** How many must sign while the last line is disputed, and to change the rule; at least the threshold. */
  readonly resolution: number;
  readonly dids: readonly string[];
  /** Keys that stand for nobody on the ledger, such as one made for a single relation. */
  readonly keys: readonly MultikeyBytes[];
  readonly roles: readonly RuleRole[];
}

/** Many commitments under one line: RFC 6962 root over them. */
export interface Batch {
  readonly size: number;
  readonly root: Bytes;
}

/** Newest state of an object of a channel. */
export interface LineHead {
  /** Operation id of its last line. */
  readonly line: Bytes;
  /** Lines so far. */
  readonly count: number;
  readonly rule: Rule;
  /** Module whose commands alone move it, executed by every node; null: parties decide among themselves. */
  readonly shared: Bytes | null;
  readonly dispute: Dispute | null;
}

/** Somebody whom the rule names does not agree with the last line. */
export interface Dispute {
  /** Operation that says so. */
  readonly operation: Bytes;
  readonly actor: string;
  /** Commitment to the reasons, by the same formula as a line's. */
  readonly digest: Bytes;
  readonly time: number;
}

/** What the ledger keeps of a line. */
export interface Line {
  readonly actor: string;
  readonly height: number;
  readonly time: number;
  /** Null where the module stands in the payload (blind). */
  readonly moduleDigest: Bytes | null;
  readonly digest: Bytes;
  readonly batch: Batch | null;
  /** Objects that it moved. */
  readonly refs: readonly Bytes[];
  /** Disputes that it ended, as their operations. */
  readonly resolved: readonly Bytes[];
}

/** A uniqueness token that is taken. */
export interface TokenHolder {
  /** Object for which it was taken: the first head of the line. */
  readonly ref: Bytes;
  readonly line: Bytes;
  /** False: taken for ever. */
  readonly releasable: boolean;
}
