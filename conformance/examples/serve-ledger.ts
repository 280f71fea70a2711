import { createMemoryStore, type Route, silentLogger, systemClock } from '@attestel/core';
import { actorKeys, createLedgerResolver, didModule, resolverRoutes } from '@attestel/did';
import { createMemoryKeyStore } from '@attestel/keystore';
import { type Ledger, ledgerRoutes, openLedger } from '@attestel/ledger';
import { serve } from '../../packages/openid/test/verifier/support/serve.ts';

export interface ServedLedger {
  readonly origin: string;
  readonly network: string;
  close(): Promise<void>;
}

/** A ledger with DIDs and nothing else, and its resolver, on loopback. */
export async function serveLedger(network: string): Promise<ServedLedger> {
  const keyStore = createMemoryKeyStore();
  await keyStore.generate({ ref: 'checkpoint', purpose: 'checkpoint', algorithm: 'EdDSA' });
  const ledger = await openLedger({
    network,
    origin: `ledger.example/${network}`,
    store: createMemoryStore(),
    modules: [didModule],
    actorKeys,
    signer: await keyStore.signer('checkpoint'),
    clock: systemClock,
    logger: silentLogger,
    genesis: 'none',
  });
  const served = await serveDids(ledger);
  return {
    ...served,
    async close() {
      await served.close();
      await ledger.close();
    },
  };
}

/** An open ledger and its resolver, on loopback. Closing it leaves the ledger open. */
export async function serveDids(ledger: Ledger): Promise<ServedLedger> {
  const server = await serve();
  server.mount([...ledgerRoutes(ledger), ...resolverRoutes(createLedgerResolver(ledger))].map(withoutRest));
  return { origin: server.origin, network: ledger.network, close: () => server.close() };
}

/** The small server knows parameters of one segment, and a DID is one. */
const withoutRest = (route: Route): Route => ({ ...route, path: route.path.replace('*', ':') });
