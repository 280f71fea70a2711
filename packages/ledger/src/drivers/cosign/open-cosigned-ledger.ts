import type { Policy } from '@attestel/proof';
import { createLogMirror } from '../../follow/log-mirror.ts';
import type { Ledger } from '../../ledger.ts';
import { type OpenLedgerOptions, openLedger } from '../solo/open-ledger.ts';
import { createCollector, startCollector } from './collect-cosignatures.ts';

export interface OpenCosignedLedgerOptions extends OpenLedgerOptions {
  /** Whose cosignatures count; receipts come from the newest checkpoint with its quorum. */
  readonly policy: Policy;
  /** Base URLs of the nodes that follow this ledger. */
  readonly peers: readonly string[];
  readonly fetch: typeof globalThis.fetch;
  /** Between looks at peers while nothing happens; default 5,000. `manual`: whoever holds the ledger calls `collect`. */
  readonly pollMilliseconds?: number | 'manual';
}

export interface CosignedLedger extends Ledger {
  /** Asks every peer once for cosignatures; true when each stands by the head. */
  collect(): Promise<boolean>;
}

/**
 * Opens the cosign driver: this node orders, others execute and cosign. An operation is acknowledged when it is durable
 * here, as under the solo driver; cosignatures come after, and receipts with them.
 * @throws what openLedger throws
 */
export async function openCosignedLedger(options: OpenCosignedLedgerOptions): Promise<CosignedLedger> {
  const { peers: urls, fetch, pollMilliseconds = 5000 } = options;
  const logger = options.logger.child({ ledger: options.origin });
  const ledger = await openLedger(options);
  const peers = urls.map((url) => createLogMirror({ url, fetch }));
  if (pollMilliseconds === 'manual') {
    return { ...ledger, ...createCollector({ ledger, peers, logger, pollMilliseconds: 0 }) };
  }
  const collector = startCollector({ ledger, peers, logger, pollMilliseconds });
  return {
    ...ledger,
    collect: collector.collect,
    async close() {
      await collector.stop();
      await ledger.close();
    },
  };
}
