import type { Clock, Logger, Random, Signer, Store } from '@attestel/core';
import type { Ledger, Operation } from '@attestel/ledger';
import type { Module } from '../module/module.ts';
import type { ChannelKeys } from './channel-keys.ts';
import type { KeyedLock } from './keyed-lock.ts';
import type { KnownModules } from './known-modules.ts';
import type { LedgerView } from './ledger-view.ts';
import type { PartLimits } from './lookup/lookup-answer.ts';
import type { Credentials, Exchange, Vault } from './ports.ts';
import type { RuleBefore } from './receive/rule-history.ts';

export type HostLedger = Pick<
  Ledger,
  'network' | 'submit' | 'head' | 'state' | 'sequence' | 'indexOf' | 'onBlock' | 'entries' | 'attachment'
>;

export interface HostParty {
  readonly did: string;
  /** Ledger keys: the first signs lines. */
  readonly signers: readonly Signer[];
}

export interface ContractHostOptions {
  readonly ledger: HostLedger;
  readonly party: HostParty;
  /** The party's own; it stays open when the host closes. */
  readonly store: Store;
  readonly vault: Vault;
  readonly modules: readonly Module[];
  readonly exchange: Exchange;
  readonly credentials: Credentials;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /**
   * Channels in which this party, as one of the governors, makes or votes for the common DID of blind modules. Others
   * need not name them.
   */
  readonly blindChannels?: readonly string[];
  /** How long one part of an answer about a person is. */
  readonly lookupPart?: PartLimits;
  /** Calls once after so many seconds. */
  readonly later: (seconds: number, work: () => void) => { stop(): void };
}

/** What the parts of a host share. */
export interface HostParts extends Omit<ContractHostOptions, 'modules'> {
  readonly modules: KnownModules;
  readonly view: LedgerView;
  readonly channelKeys: ChannelKeys;
  readonly ruleBefore: RuleBefore;
  /** One change at a time of each object. */
  readonly lock: KeyedLock;
  /** Lines of which nobody could say yet what became of them. */
  readonly unclear: Set<string>;
  /** Operations that other parties are asked to sign too: signed ones, as they come. */
  readonly cosigning: Map<string, Operation>;
  /** Tells those who listen that a line was folded; and the outbox that there is something to deliver. */
  readonly folded: (line: FoldedLine) => void;
  readonly wake: () => void;
}

export interface FoldedLine {
  /** Number in this host's own order. */
  readonly number: number;
  readonly channel: string;
  readonly line: string;
}
