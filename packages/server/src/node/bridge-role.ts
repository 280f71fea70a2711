import { createIssuerTrust, createStatusCache, PHONE_NUMBER_VCT } from '@attestel/credentials';
import { createPartyAuthenticator } from '@attestel/did';
import { createBridge } from '@attestel/oidc-bridge';
import { createVerifier } from '@attestel/openid/verifier';
import type { NodeConfig } from '../config.schema.ts';
import { appSecretRoutes } from './app-secret.endpoint.ts';
import { createContractConsents } from './consents/contract-consents.ts';
import type { StartedContracts } from './contracts-role.ts';
import { identityOf, type RoleContext, type RoleParts } from './role.ts';

/** A bridge that accepts cards and signs people in to apps. Where the node runs contracts, consents are kept there. */
export async function startBridge(
  context: RoleContext,
  role: NonNullable<NodeConfig['roles']['bridge']>,
  contracts: Pick<StartedContracts, 'host'> | undefined,
) {
  const { config, ports, resolver, registry } = context;
  const identity = identityOf(ports.party);
  const { clock, random, logger } = ports;
  const status = createStatusCache({
    fetch: ports.fetch,
    registry,
    resolver,
    clock,
    refreshSeconds: role.statusRefreshSeconds,
    maxAgeSeconds: 60,
    logger,
  });
  const verifier = createVerifier({
    clientId: `decentralized_identifier:${identity.did}`,
    kid: identity.kid,
    signer: await ports.party.keyStore.signer(identity.assertionKey),
    baseUrl: config.http.origin,
    keyStore: ports.party.keyStore,
    store: ports.party.store,
    issuerKeys: createIssuerTrust({ resolver, registry, clock }),
    resolver,
    status,
    registry,
    vct: PHONE_NUMBER_VCT,
    clock,
    random,
    logger,
  });
  const bridge = await createBridge({
    url: config.http.origin,
    instance: config.instance,
    party: { did: identity.did, kid: identity.kid, name: config.name },
    keyStore: ports.party.keyStore,
    store: ports.party.store,
    registry,
    verifier,
    status,
    clock,
    random,
    logger,
    walletUrl: role.walletUrl,
    subjectVersion: role.subjectVersion,
    ...(contracts ? { consents: await consentsAt(context, role, contracts) } : {}),
  });
  const authenticate = createPartyAuthenticator({ resolver, audience: config.http.origin, clock });
  status.start();
  // Until the first round is over no card can be accepted; lists that did not answer then fail one by one.
  let statusAsked = false;
  const asked = () => {
    statusAsked = true;
  };
  void status.refreshNow().then(asked, asked);
  const parts: RoleParts = {
    routes: [...bridge.routes, ...appSecretRoutes({ bridge, registry, authenticate })],
    fallback: bridge.handler,
    ready: () => statusAsked,
    stop: async () => {
      status.stop();
      await bridge.close();
    },
  };
  return { bridge, parts };
}

const consentsAt = (
  { ports: { party, clock, random, ledger } }: RoleContext,
  { jurisdiction }: NonNullable<NodeConfig['roles']['bridge']>,
  { host }: Pick<StartedContracts, 'host'>,
) =>
  createContractConsents({
    ...{ host, ledger, did: identityOf(party).did, store: party.store, keyStore: party.keyStore },
    ...{ clock, random, jurisdiction },
  });
