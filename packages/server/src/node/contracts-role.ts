import { join } from 'node:path';
import { type Route, unixSeconds } from '@attestel/core';
import { createPartyAuthenticator, type PartyAuthenticator } from '@attestel/did';
import type { KeyStore } from '@attestel/keystore';
import { createChannels } from '@attestel/registry';
import {
  accessModule,
  allCredentialTypes,
  type ContractHost,
  contractRoutes,
  createContractHost,
  createHttpAsk,
  createHttpExchange,
  createKeyDisk,
  createKnownModules,
  credentialModule,
  evidenceRoutes,
  exchangeRoutes,
  type Module,
  openCredentials,
  openKeyFile,
  partyRoutes,
  payloadKeyName,
  personRoutes,
  SCENARIO_MODULES,
} from '@attestel/scenarios';
import type { ContractsConfig } from '../contracts-config.schema.ts';
import { startWebhooks } from './contract-webhooks.ts';
import { later } from './later.ts';
import { identityOf, type RoleContext, type RoleParts } from './role.ts';

/** Name of the key under which the keys of payloads are kept. */
const VAULT_KEY = 'contracts/vault';

export interface StartedContracts {
  readonly parts: RoleParts;
  readonly host: ContractHost;
  readonly modules: readonly Module[];
  /** The contract call for callers who are known by something else than a party token. */
  readonly routesFor: (authenticate: PartyAuthenticator) => readonly Route[];
}

/** Runs the scenarios for the member: its commands, what it is told by others, what it tells them. */
export async function startContracts(
  { config, ports, resolver, registry }: RoleContext,
  role: ContractsConfig,
): Promise<StartedContracts> {
  const { party, ledger, clock, random, logger } = ports;
  const { store, keyStore } = party;
  const identity = identityOf(party);
  const signer = await keyStore.signer(identity.assertionKey);
  const sender = { did: identity.did, kid: identity.kid, signer };
  // Each module has a type of state of its own; the host knows JSON.
  const ofHost = [credentialModule(SCENARIO_MODULES), accessModule()] as unknown as readonly Module[];
  const modules = [...SCENARIO_MODULES, ...ofHost];
  const known = createKnownModules(modules);
  await ensureVaultKey(keyStore);
  const vault = await openKeyFile({
    disk: createKeyDisk(join(config.dataDir, 'contract-keys')),
    mac: (message) => keyStore.mac(VAULT_KEY, message),
    random,
  });
  const credentials = await openCredentials({
    ...{ ledger, store, vault, resolver, clock, party: sender },
    types: allCredentialTypes(SCENARIO_MODULES),
    nameOfModule: (digest) => known.all.find((each) => each.digest === digest)?.module.name,
    keyNameOf: payloadKeyName,
  });
  const host = await createContractHost({
    ...{ ledger, store, vault, modules, credentials, clock, random, logger },
    party: { did: identity.did, signers: [await keyStore.signer(identity.ledgerKey)] },
    blindChannels: role.blindChannels,
    exchange: createHttpExchange({ party: sender, resolver, clock, peers: role.peers }),
    later,
  });
  const webhooks = await startWebhooks(
    { ports, host, modules, party: identity.did, baseUrl: config.http.origin },
    role.webhooks,
  );
  const channels = createChannels(ledger, () => unixSeconds(clock));
  const calls = {
    ...{ host, modules, credentials, channels, clock },
    ...{ party: identity.did, baseUrl: config.http.origin },
  };
  const routesFor = (authenticate: PartyAuthenticator) => contractRoutes({ ...calls, authenticate });
  const asParty = createPartyAuthenticator({ resolver, audience: config.http.origin, clock });
  const routes = [
    ...routesFor(asParty),
    ...evidenceRoutes({ host, channels, credentials, authenticate: asParty }),
    ...partyRoutes({ host, party: identity.did, authenticate: asParty }),
    ...personRoutes({
      ...{ host, clock, party: identity.did, authenticate: asParty },
      ask: createHttpAsk({ party: sender, resolver, clock, peers: role.peers }),
    }),
    ...exchangeRoutes({
      ...{ party: sender, resolver, clock },
      receive: host.receive,
      isActive: (did) => registry.member(did)?.status !== 'suspended',
    }),
  ];
  const stop = async (): Promise<void> => {
    await webhooks.close();
    await host.close();
  };
  return { host, modules, routesFor, parts: { routes, stop } };
}

async function ensureVaultKey(keyStore: KeyStore): Promise<void> {
  if (await keyStore.find(VAULT_KEY)) return;
  await keyStore.generate({ purpose: 'derivation', algorithm: 'HS256', ref: VAULT_KEY });
}
