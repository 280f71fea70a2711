import { startAnvil } from '../peers/anvil.ts';
import { deployRegistry } from '../peers/did-registry.ts';
import { attributes, createEthrIdentities } from '../peers/ethr-identities.ts';
import { createEthrResolver } from '../peers/ethr-resolver.ts';
import { type ClientRates, measureClient } from './client-rates.ts';

const IDENTITIES = 8;

export interface EthrRates {
  readonly documented: ClientRates;
  readonly tuned: ClientRates;
}

/**
 * did:ethr on a local anvil: documents of `count` attributes, `keys` of them keys, each set in a block of its
 * own; resolved by one client beside the node.
 */
export async function measureEthr({ count, keys }: { count: number; keys: number }): Promise<EthrRates> {
  const anvil = await startAnvil({ accounts: IDENTITIES });
  try {
    const registry = await deployRegistry(anvil.url);
    const identities = await createEthrIdentities(registry, {
      first: 0,
      count: IDENTITIES,
      list: attributes(count, keys),
    });
    const measure = async (kind: 'documented' | 'tuned'): Promise<ClientRates> => {
      const resolver = createEthrResolver(registry, kind);
      const resolve = async (i: number): Promise<void> => {
        // The controller is one more than was set.
        const stated = await resolver.resolve(identities[i % IDENTITIES] ?? '0x');
        if (stated !== count + 1) throw new Error(`did:ethr: ${stated} statements`);
      };
      await resolve(0);
      const rates = await measureClient(resolve, () => anvil.cpuSeconds() * 1e6);
      resolver.close();
      return rates;
    };
    return { documented: await measure('documented'), tuned: await measure('tuned') };
  } finally {
    await anvil.stop();
  }
}
