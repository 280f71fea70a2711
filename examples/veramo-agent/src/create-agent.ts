import {
  createHttpResolver,
  createRegistrar,
  getMnoResolver,
  MnoIdentifierProvider,
  openFileKeyStore,
} from '@attestel/veramo';
import {
  createAgent,
  type ICredentialPlugin,
  type IDIDManager,
  type IKeyManager,
  type IResolver,
  type TAgent,
} from '@veramo/core';
import { CredentialProviderJWT } from '@veramo/credential-jwt';
import { CredentialPlugin } from '@veramo/credential-w3c';
import { DIDManager, MemoryDIDStore } from '@veramo/did-manager';
import { DIDResolverPlugin } from '@veramo/did-resolver';
import { KeyManager, MemoryKeyStore, MemoryPrivateKeyStore } from '@veramo/key-manager';
import { KeyManagementSystem } from '@veramo/kms-local';

export type Agent = TAgent<IKeyManager & IDIDManager & IResolver & ICredentialPlugin>;

export interface AgentSettings {
  /** Base URL of a node of the ledger. */
  readonly node: string;
  /** Label of the ledger's network: what stands between `did:mno:` and the next colon. */
  readonly network: string;
  /** File of the control keys, made where it is missing. Who loses it cannot change the DID any more. */
  readonly controlKeys: string;
  readonly passphrase: string;
}

/** A Veramo agent that can make, change and resolve did:mno, and sign and verify JWT credentials. */
export async function createMnoAgent(
  settings: AgentSettings,
): Promise<{ readonly agent: Agent; readonly provider: MnoIdentifierProvider }> {
  const resolver = createHttpResolver({ endpoint: settings.node, fetch });
  const provider = new MnoIdentifierProvider({
    network: settings.network,
    defaultKms: 'local',
    keyStore: await openFileKeyStore({ path: settings.controlKeys, passphrase: settings.passphrase }),
    resolver,
    registrar: createRegistrar({ url: settings.node, fetch }),
  });
  const agent: Agent = createAgent({
    plugins: [
      // Everything of Veramo's is in memory here; an agent that stays takes stores that last.
      new KeyManager({
        store: new MemoryKeyStore(),
        kms: { local: new KeyManagementSystem(new MemoryPrivateKeyStore()) },
      }),
      new DIDManager({
        store: new MemoryDIDStore(),
        defaultProvider: 'did:mno',
        providers: { 'did:mno': provider },
      }),
      new DIDResolverPlugin(getMnoResolver(resolver)),
      new CredentialPlugin([new CredentialProviderJWT()]),
    ],
  });
  return { agent, provider };
}
