import type { Logger } from '@attestel/core';
import type { Policy } from '@attestel/proof';
import type { LedgerExecutor } from '../../executor/ledger-executor.ts';
import { createLedgerHost, type HostedLedger, type LedgerHost } from '../../executor/ledger-host.ts';
import { type OpenExecutorOptions, openExecutor } from '../../executor/open-executor.ts';
import type { BlockNotice, ProofSource } from '../../ledger.ts';
import { startHeartbeat, type Timer } from '../heartbeat.ts';

export interface LiveHostOptions extends Omit<OpenExecutorOptions, 'signer'> {
  readonly policy?: Policy | undefined;
  readonly logger: Logger;
  /** Signs the head again while nothing happens; without it, receipts of an idle ledger go stale. */
  readonly heartbeat?: { readonly seconds: number; readonly timer: Timer };
}

/**
 * Executor and readers over a store that a snapshot may replace under them: then both are opened again, and
 * whoever holds `ledger` notices only that it has moved.
 */
export interface LiveHost {
  readonly executor: LedgerExecutor;
  readonly ledger: HostedLedger;
  readonly host: LedgerHost;
  /** @throws what openExecutor throws */
  reopen(): Promise<void>;
  /** Ends the heartbeat. */
  stop(): void;
}

/** @throws AppError store_mismatch, store_damaged */
export async function openLiveHost(options: LiveHostOptions): Promise<LiveHost> {
  const seats = new Set<{ readonly listener: (block: BlockNotice) => void; leave: () => void }>();
  const open = async () => {
    const { book, executor } = await openExecutor(options);
    const { store, policy, logger, heartbeat } = options;
    const host = createLedgerHost({ book, store, executor, policy, logger });
    for (const seat of seats) seat.leave = host.ledger.onBlock(seat.listener);
    return { executor, host, heart: startHeartbeat(heartbeat, { host, executor, logger }) };
  };
  let now = await open();
  // Delegates each call: whoever keeps it must not prove from what a snapshot has replaced.
  const proofs: ProofSource = {
    stateReceipt: (module, key, form) => now.host.ledger.proofs.stateReceipt(module, key, form),
    eventReceipt: (index, form) => now.host.ledger.proofs.eventReceipt(index, form),
    source: () => now.host.ledger.proofs.source(),
    logNode: (level, index) => now.host.ledger.proofs.logNode(level, index),
    consistency: (from, to) => now.host.ledger.proofs.consistency(from, to),
    checkpoint: (hash) => now.host.ledger.proofs.checkpoint(hash),
  };
  const ledger: HostedLedger = {
    network: options.network,
    head: () => now.host.ledger.head(),
    state: (module) => now.host.ledger.state(module),
    sequence: (module, actor) => now.host.ledger.sequence(module, actor),
    entries: (from, limit) => now.host.ledger.entries(from, limit),
    attachment: (operationId) => now.host.ledger.attachment(operationId),
    indexOf: (operationId) => now.host.ledger.indexOf(operationId),
    blocks: (fromHeight, limit) => now.host.ledger.blocks(fromHeight, limit),
    proofs,
    cosign: (note) => now.host.ledger.cosign(note),
    onBlock(listener) {
      const seat = { listener, leave: now.host.ledger.onBlock(listener) };
      seats.add(seat);
      return () => {
        seats.delete(seat);
        seat.leave();
      };
    },
  };
  return {
    get executor() {
      return now.executor;
    },
    get host() {
      return now.host;
    },
    ledger,
    async reopen() {
      now.heart.stop();
      now = await open();
    },
    stop: () => now.heart.stop(),
  };
}
