import type { Hex } from 'viem';
import { startAnvil } from '../peers/anvil.ts';
import { deployRegistry } from '../peers/did-registry.ts';
import { attributes, createEthrIdentities } from '../peers/ethr-identities.ts';
import { createEthrResolver } from '../peers/ethr-resolver.ts';
import { type ClientRates, measureClient } from './client-rates.ts';

const IDENTITIES = 8;

export interface EthrRates {
  readonly documented: ClientRates;
  readonly tuned: ClientRates;
  /** Tuned, and all of a document written in one block: the least there is to walk. */
  readonly oneBlock: ClientRates;
}

/** did:ethr on a local anvil: documents of `count` attributes, `keys` of them keys; one client beside the node. */
export async function measureEthr({ count, keys }: { count: number; keys: number }): Promise<EthrRates> {
  const anvil = await startAnvil({ accounts: 2 * IDENTITIES });
  try {
    const registry = await deployRegistry(anvil.url);
    const create = (first: number, perBlock: number): Promise<readonly Hex[]> =>
      createEthrIdentities(registry, { first, count: IDENTITIES, list: attributes(count, keys), perBlock });
    const spread = await create(0, 1);
    const together = await create(IDENTITIES, count);
    const measure = async (
      kind: 'documented' | 'tuned',
      identities: readonly Hex[],
    ): Promise<ClientRates> => {
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
    return {
      documented: await measure('documented', spread),
      tuned: await measure('tuned', spread),
      oneBlock: await measure('tuned', together),
    };
  } finally {
    await anvil.stop();
  }
}
