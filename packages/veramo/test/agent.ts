import { createLedgerResolver, type Registrar } from '@attestel/did';
import { createMemoryKeyStore, type KeyStore } from '@attestel/keystore';
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
import { FakeLedger } from '../../did/test/fakes/ledger.ts';
import { seededRandom } from '../../did/test/fakes/seeded.ts';
import { getMnoResolver, MnoIdentifierProvider } from '../src/index.ts';

type Methods = IDIDManager & IKeyManager & IResolver & ICredentialPlugin;

export interface TestAgent {
  readonly agent: TAgent<Methods>;
  readonly provider: MnoIdentifierProvider;
  readonly keyStore: KeyStore;
  readonly ledger: FakeLedger;
  readonly kinds: string[];
}

let count = 0;

/** A Veramo agent of its own, on a ledger in memory. */
export function testAgent(ledger = new FakeLedger()): TestAgent {
  const clock = { now: () => ledger.time * 1000 };
  const resolver = createLedgerResolver(ledger, { clock });
  const keyStore = createMemoryKeyStore();
  const kinds: string[] = [];
  const registrar: Registrar = {
    submit: async (operation) => {
      ledger.submit(operation);
      kinds.push(operation.payload.kind);
    },
  };
  const provider = new MnoIdentifierProvider({
    network: 'test',
    defaultKms: 'local',
    keyStore,
    resolver,
    registrar,
    random: seededRandom(`veramo/${count++}`),
    clock,
  });
  const agent = createAgent<Methods>({
    plugins: [
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
  return { agent, provider, keyStore, ledger, kinds };
}
