import { unixSeconds, utf8 } from '@attestel/core';
import { createPartyAuthenticator, resolverRoutes } from '@attestel/did';
import { type CoseIssuer, ledgerRoutes } from '@attestel/ledger';
import {
  bundleRoutes,
  certificateProofEndpoint,
  createPki,
  pkiReadRoutes,
  statusSetEndpoint,
} from '@attestel/pki';
import {
  channelRoutes,
  createChannels,
  createEventLines,
  createSubLedgers,
  registryRoutes,
  subLedgerRoutes,
} from '@attestel/registry';
import { clientNetworkOf } from '../http/peer.ts';
import type { Party } from './open-party.ts';
import { createReadGuard } from './read-guard.ts';
import type { RoleContext, RoleParts } from './role.ts';

/** Whoever reads the ledger: DIDs, registry, channels, the log itself. */
export async function readers({ config, ports, resolver, registry }: RoleContext): Promise<RoleParts> {
  const { policyText: policy, alarms } = ports;
  const policyChain = ports.policyChain ?? (policy === undefined ? undefined : { first: policy, links: [] });
  const channels = createChannels(ports.ledger, () => unixSeconds(ports.clock));
  const authenticate = createPartyAuthenticator({
    resolver,
    audience: config.http.origin,
    clock: ports.clock,
  });
  const { eventStreams } = config.http;
  const events = {
    clientOf: clientNetworkOf,
    maxStreamsPerClient: eventStreams === 0 ? Number.POSITIVE_INFINITY : eventStreams,
  };
  const pki = createPki(ports.ledger);
  const cose = await coseIssuer(ports.party);
  const guard = createReadGuard({ channels, registry, authenticate });
  return {
    routes: [
      ...ledgerRoutes(ports.ledger, { policy, policyChain, alarms, guard, cose, events }),
      ...resolverRoutes(resolver),
      ...registryRoutes(registry, { proofs: ports.ledger.proofs }),
      ...channelRoutes({ channels, lines: createEventLines(ports.ledger), authenticate }),
      ...subLedgerRoutes(createSubLedgers(ports.ledger)),
      ...pkiReadRoutes({ pki, ledger: ports.ledger }),
      ...bundleRoutes({ pki, ledger: ports.ledger, clock: ports.clock }),
      certificateProofEndpoint(ports.ledger),
      statusSetEndpoint(ports.ledger),
    ],
    // Before its first block, a follower would say of everybody that they do not exist.
    ready: () => ports.ledger.head().height > 0,
    stop() {},
  };
}

/** COSE receipts are the party's word, by the key under which its DID document shows it. */
async function coseIssuer({ identity, keyStore }: Party): Promise<CoseIssuer | undefined> {
  const who = identity();
  return who && { signer: await keyStore.signer(who.assertionKey), keyId: utf8(who.kid) };
}
