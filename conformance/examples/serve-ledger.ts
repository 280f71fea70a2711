import { createMemoryStore, type Route, silentLogger, systemClock } from '@attestel/core';
import { actorKeys, createLedgerResolver, didModule, resolverRoutes } from '@attestel/did';
import { createMemoryKeyStore } from '@attestel/keystore';
import { ledgerRoutes, openLedger } from '@attestel/ledger';
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
  const server = await serve();
  server.mount([...ledgerRoutes(ledger), ...resolverRoutes(createLedgerResolver(ledger))].map(withoutRest));
  return {
    origin: server.origin,
    network,
    async close() {
      await server.close();
      await ledger.close();
    },
  };
}

/** The small server knows parameters of one segment, and a DID is one. */
const withoutRest = (route: Route): Route => ({ ...route, path: route.path.replace('*', ':') });
