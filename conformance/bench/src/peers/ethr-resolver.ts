import { Resolver } from 'did-resolver';
import { JsonRpcProvider } from 'ethers';
import { getResolver } from 'ethr-did-resolver';
import { CHAIN_ID, type DidRegistry } from './did-registry.ts';

/** The resolver's types name the CommonJS half of ethers; what runs is this one. */
type Provider = NonNullable<Extract<Parameters<typeof getResolver>[0], { provider?: unknown }>['provider']>;

export interface EthrResolver {
  /** Number of things the resolved document states. @throws Error when it does not resolve */
  resolve(identity: string): Promise<number>;
  close(): void;
}

/**
 * ethr-did-resolver behind did-resolver. `documented`: given the node's URL, as its README shows. `tuned`: the
 * best it can be given, a provider that neither waits ten milliseconds for calls to send together nor keeps
 * asking for the chain's id.
 */
export function createEthrResolver(registry: DidRegistry, kind: 'documented' | 'tuned'): EthrResolver {
  const network = { name: 'bench', chainId: CHAIN_ID, registry: registry.address };
  const provider = kind === 'tuned' ? tunedProvider(registry.url) : undefined;
  const source = provider ? { provider: provider as unknown as Provider } : { rpcUrl: registry.url };
  const resolver = new Resolver(getResolver({ networks: [{ ...network, ...source }] }));
  return {
    async resolve(identity) {
      const { didDocument, didResolutionMetadata } = await resolver.resolve(`did:ethr:bench:${identity}`);
      if (!didDocument) throw new Error(`did:ethr: ${didResolutionMetadata.error}`);
      const { verificationMethod = [], service = [] } = didDocument;
      return verificationMethod.length + service.length;
    },
    close: () => provider?.destroy(),
  };
}

/** Without its cache of 250 ms, which would answer a question about the chain with the one before. */
const tunedProvider = (url: string): JsonRpcProvider =>
  new JsonRpcProvider(url, CHAIN_ID, { batchMaxCount: 1, staticNetwork: true, cacheTimeout: -1 });
