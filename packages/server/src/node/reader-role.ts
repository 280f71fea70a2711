import { unixSeconds } from '@attestel/core';
import { createPartyAuthenticator, resolverRoutes } from '@attestel/did';
import { ledgerRoutes } from '@attestel/ledger';
import {
  channelRoutes,
  createChannels,
  createEventLines,
  createSubLedgers,
  registryRoutes,
  subLedgerRoutes,
} from '@attestel/registry';
import { createReadGuard } from './read-guard.ts';
import type { RoleContext, RoleParts } from './role.ts';

/** Whoever reads the ledger: DIDs, registry, channels, the log itself. */
export function readers({ config, ports, resolver, registry }: RoleContext): RoleParts {
  const channels = createChannels(ports.ledger, () => unixSeconds(ports.clock));
  const authenticate = createPartyAuthenticator({
    resolver,
    audience: config.http.origin,
    clock: ports.clock,
  });
  const guard = createReadGuard({ channels, registry, authenticate });
  return {
    routes: [
      ...ledgerRoutes(ports.ledger, { policy: ports.policyText, alarms: ports.alarms, guard }),
      ...resolverRoutes(resolver),
      ...registryRoutes(registry, { proofs: ports.ledger.proofs }),
      ...channelRoutes({ channels, lines: createEventLines(ports.ledger), authenticate }),
      ...subLedgerRoutes(createSubLedgers(ports.ledger)),
    ],
    stop() {},
  };
}
