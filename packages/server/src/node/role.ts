import type { Clock, Logger, Random, Route } from '@attestel/core';
import type { DidResolver } from '@attestel/did';
import type { Alarm, Ledger, PolicyChain } from '@attestel/ledger';
import type { Registry } from '@attestel/registry';
import type { NodeConfig } from '../config.schema.ts';
import type { HttpServer, NodeHandler } from '../http/http-server.ts';
import type { NodeMetrics } from '../http/metrics.ts';
import type { LedgerMeter } from './ledger-meter.ts';
import type { Party } from './open-party.ts';

/** What a node is given rather than makes: time, randomness, the ledger it takes part in, its party. */
export interface NodePorts {
  readonly ledger: Ledger;
  readonly party: Party;
  /** Whose cosignatures make the ledger's checkpoints count (C2SP tlog-policy); wallets get it from here. */
  readonly policyText?: string;
  /** How that policy came about. */
  readonly policyChain?: PolicyChain | undefined;
  /** What was found wrong with the log, where this node follows that of another one. */
  readonly alarms?: (() => readonly Alarm[]) | undefined;
  /** Counts of the ledger, where it was opened with them. */
  readonly meter?: LedgerMeter | undefined;
  readonly clock?: Clock;
  readonly random?: Random;
  readonly logger?: Logger;
  readonly fetch?: typeof fetch;
}

type Optional = 'policyText' | 'policyChain' | 'alarms' | 'meter';

/** What every role of one node shares. */
export interface RoleContext {
  readonly config: NodeConfig;
  readonly ports: Required<Omit<NodePorts, Optional>> & Pick<NodePorts, Optional>;
  readonly resolver: DidResolver;
  readonly registry: Registry;
}

/** A further place where a node listens. */
export interface Listener {
  readonly origin: string;
  readonly host: string;
  readonly port: number;
  readonly tls?: { readonly certFile: string; readonly keyFile: string } | undefined;
  readonly asksForCertificates?: boolean;
  readonly routes: readonly Route[];
  /** Paths whose POST requests are limited by client address. */
  readonly throttledPaths?: readonly string[];
}

/** A server that a role brings along; it starts and ends with the node's listeners. */
export interface OwnServer {
  start(metrics: Pick<NodeMetrics, 'observe'>): Promise<Pick<HttpServer, 'close'>>;
}

/** A role of a node: what it serves, and what must stop with it. */
export interface RoleParts {
  readonly routes: readonly Route[];
  readonly listeners?: readonly Listener[];
  readonly servers?: readonly OwnServer[];
  readonly fallback?: NodeHandler;
  /** Whether the role can do its work; absent: as soon as it is there. */
  readonly ready?: () => boolean;
  readonly stop: () => Promise<void> | void;
}

/** @throws TypeError for a party without one */
export function identityOf(party: Party) {
  const identity = party.identity();
  if (!identity) throw new TypeError('the party has no DID yet: provision it before starting its node');
  return identity;
}
