import type { ActorKeys, LedgerModule } from '@attestel/ledger';
import { sha256 } from './sha256.ts';
import { createDidModule } from './state/create-did-module.ts';
import { DID_MODULE, ledgerKeysOf } from './state/records.ts';

/** Module `did` as a node registers it. */
export const didModule: LedgerModule = createDidModule(sha256);

/** Keys that may act on the ledger for a DID: those under `capabilityInvocation`, while it is active. */
export const actorKeys: ActorKeys = (read, actor) =>
  ledgerKeysOf(read(DID_MODULE), actor).map(([, key]) => key);
