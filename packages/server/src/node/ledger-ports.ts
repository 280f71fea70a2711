import type { Clock, Logger, Store } from '@attestel/core';
import type { LedgerMeter } from './ledger-meter.ts';
import type { Party } from './open-party.ts';

/** What a party's ledger is opened with, whatever drives it. */
export interface LedgerPorts {
  readonly network: string;
  readonly party: Party;
  /** Of the ledger alone. */
  readonly store: Store;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly fetch: typeof fetch;
  readonly meter?: LedgerMeter | undefined;
}
