import type { LedgerModule } from '@attestel/ledger';
import { channelModule } from './channels/channel-module.ts';
import type { Decider } from './event/decider.ts';
import { createEventModule } from './event/event-module.ts';
import { registryModule } from './registry-module.ts';
import { subLedgerModule } from './sub-ledger/sub-ledger-module.ts';

/**
 * All ledger modules of this package, for nodes; they need `namespaceRule` beside them. Every node of a network
 * passes the same deciders: they are part of its state machine.
 */
export const createRegistryModules = (deciders: readonly Decider[] = []): readonly LedgerModule[] => [
  registryModule,
  channelModule,
  createEventModule(deciders),
  subLedgerModule,
];
