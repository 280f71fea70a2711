import type { Bytes } from '@attestel/core';
import type { Validity } from '../types.ts';

export type ChannelRole = 'writer' | 'reader';

/** A namespace of the ledger with members of its own. */
export interface Channel {
  /** Its `ns`, such as `gd/sz`; the channel above it is `gd`. */
  readonly name: string;
  /** DIDs whose votes decide about the channel; they read it too. */
  readonly governors: readonly string[];
  /** Governors' signatures that a decision needs. */
  readonly threshold: number;
  /** `public`: everybody may read it. */
  readonly read: 'members' | 'public';
  /** Digests of modules that every node executes here on the payload in the operation. */
  readonly shared: readonly Bytes[];
  /** When it is open, in block time. */
  readonly validity: Validity;
}

/** A writer reads too. */
export interface ChannelMember {
  readonly did: string;
  readonly role: ChannelRole;
  readonly validity: Validity;
}

/** Which key the uniqueness tokens of a channel are made with: known to its writers, committed to here. */
export interface ChannelKeyAnchor {
  /** See `channelKeyCommitment`. */
  readonly commitment: Bytes;
  /** Whoever made it. */
  readonly actor: string;
  /** Block time, unix seconds. */
  readonly time: number;
}
