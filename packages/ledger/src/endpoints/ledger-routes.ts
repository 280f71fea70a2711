import type { Route } from '@attestel/core';
import type { Alarm } from '../follow/evidence.ts';
import type { Ledger } from '../ledger.ts';
import { alarmsEndpoint } from './alarms.endpoint.ts';
import { attachmentEndpoint } from './attachment.endpoint.ts';
import { blocksEndpoint } from './blocks.endpoint.ts';
import { checkpointByHashEndpoint, checkpointEndpoint, policyEndpoint } from './checkpoint.endpoint.ts';
import type { CoseIssuer } from './cose-receipts.ts';
import { entriesEndpoint } from './entries.endpoint.ts';
import { type EventsOptions, eventsEndpoint } from './events.endpoint.ts';
import { operationsEndpoint } from './operations.endpoint.ts';
import { type PolicyChain, policyChainEndpoint } from './policy-chain.endpoint.ts';
import { OPEN_TO_ALL, type ReadGuard } from './read-guard.ts';
import { entryReceiptEndpoint, stateEndpoint } from './receipts.endpoint.ts';
import { sequenceEndpoint } from './sequence.endpoint.ts';
import { tileEndpoint } from './tlog.endpoint.ts';

export interface LedgerRoutesOptions {
  /** Text of the policy that the node is configured with; without one, no such address. */
  readonly policy?: string | undefined;
  /** Signed links from the node's first policy to the one above, oldest first. */
  readonly policyChain?: PolicyChain | undefined;
  /** Who signs COSE receipts here; without one, there are none. */
  readonly cose?: CoseIssuer | undefined;
  /** Alarms of a node that follows the ledger; without them, no such address. */
  readonly alarms?: (() => readonly Alarm[]) | undefined;
  /** How event streams are limited. */
  readonly events?: EventsOptions | undefined;
  /** Who may read what; without one, everybody everything: for ledgers that keep `main` only. */
  readonly guard?: ReadGuard | undefined;
}

/** The HTTP interface of a ledger. */
export const ledgerRoutes = (
  ledger: Ledger,
  { policy, policyChain, cose, alarms, events, guard = OPEN_TO_ALL }: LedgerRoutesOptions = {},
): Route[] => [
  operationsEndpoint(ledger),
  checkpointEndpoint(ledger),
  checkpointByHashEndpoint(ledger),
  ...(policy === undefined ? [] : [policyEndpoint(policy)]),
  ...(policyChain === undefined ? [] : [policyChainEndpoint(policyChain)]),
  entriesEndpoint(ledger, guard),
  entryReceiptEndpoint(ledger, guard, cose),
  stateEndpoint(ledger, guard),
  sequenceEndpoint(ledger),
  blocksEndpoint(ledger),
  attachmentEndpoint(ledger, guard),
  checkpointEndpoint(ledger, '/v1/ledger/tlog/checkpoint'),
  tileEndpoint(ledger, guard),
  eventsEndpoint(ledger, guard, events),
  ...(alarms === undefined ? [] : [alarmsEndpoint(alarms)]),
];
