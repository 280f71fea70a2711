import type { Route } from '@attestel/core';
import type { Ledger } from '../ledger.ts';
import { checkpointEndpoint } from './checkpoint.endpoint.ts';
import { entriesEndpoint } from './entries.endpoint.ts';
import { operationsEndpoint } from './operations.endpoint.ts';
import { sequenceEndpoint } from './sequence.endpoint.ts';

/** The HTTP interface of a ledger. */
export const ledgerRoutes = (ledger: Ledger): Route[] => [
  operationsEndpoint(ledger),
  checkpointEndpoint(ledger),
  entriesEndpoint(ledger),
  sequenceEndpoint(ledger),
];
