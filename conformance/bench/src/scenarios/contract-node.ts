import { join } from 'node:path';
import {
  type Signer,
  type Store,
  silentLogger,
  systemClock,
  systemRandom,
  unixSeconds,
} from '@attestel/core';
import { actorKeys, createLedgerResolver, createOrganisation, didModule } from '@attestel/did';
import { createMemoryKeyStore } from '@attestel/keystore';
import { createWorkerVerifier, type Ledger, openLedger, openLmdbStore } from '@attestel/ledger';
import { buildRegistryOperation, createRegistryModules, namespaceRule } from '@attestel/registry';
import {
  allCredentialTypes,
  type ContractHost,
  createContractHost,
  createKeyDisk,
  createKnownModules,
  type Module,
  openCredentials,
  openKeyFile,
  payloadKeyName,
  type Vault,
} from '@attestel/scenarios';
import { fixedSigner } from '../fixed-signer.ts';
import { createTemporaryFolder } from '../temporary-folder.ts';

export const NETWORK = 'bench';
const HOUR = 3600;
const VAULT_KEY = 'contracts/vault';

export interface Party {
  readonly did: string;
  readonly signer: Signer;
}

export interface ContractNode {
  readonly ledger: Ledger;
  readonly party: Party;
  readonly host: ContractHost;
  readonly store: Store;
  readonly vault: Vault;
  /** Another host over the same store and key file, as after a restart. */
  openHost(): Promise<ContractHost>;
  close(): Promise<void>;
}

/** A node alone with a contract host, as the server opens them: LMDB stores, a key file, signatures on all processors. */
export async function openContractNode(modules: readonly Module[]): Promise<ContractNode> {
  const folder = await createTemporaryFolder();
  const store = await openLmdbStore({ path: join(folder.path, 'party') });
  const ledgerStore = await openLmdbStore({ path: join(folder.path, 'ledger') });
  const batchVerifier = createWorkerVerifier();
  const { party, assertion, genesis, keyStore } = await found();
  const ledger = await openLedger({
    ...{ network: NETWORK, origin: 'bench.example/scenarios', store: ledgerStore, batchVerifier, genesis },
    modules: [didModule, ...createRegistryModules()],
    ...{ actorKeys, namespaceRule, signer: fixedSigner('log'), clock: systemClock, logger: silentLogger },
    witness: { name: 'bench.example/witness', signer: fixedSigner('witness'), clock: systemClock },
  });
  const open = async () => {
    const vault = await openKeyFile({
      disk: createKeyDisk(join(folder.path, 'contract-keys')),
      mac: (message) => keyStore.mac(VAULT_KEY, message),
      random: systemRandom,
    });
    const known = createKnownModules(modules);
    const credentials = await openCredentials({
      ...{ ledger, store, vault, clock: systemClock, party: assertion },
      resolver: createLedgerResolver(ledger),
      types: allCredentialTypes(modules),
      nameOfModule: (digest) => known.all.find((each) => each.digest === digest)?.module.name,
      keyNameOf: payloadKeyName,
    });
    const host = await createContractHost({
      ...{ ledger, store, vault, modules, credentials },
      party: { did: party.did, signers: [party.signer] },
      ...{ clock: systemClock, random: systemRandom, logger: silentLogger },
      exchange: { deliver: () => Promise.reject(new Error('bench: nobody else is there')) },
      later: () => ({ stop() {} }),
    });
    return { host, vault };
  };
  const { host, vault } = await open();
  return {
    ...{ ledger, party, host, store, vault },
    openHost: async () => (await open()).host,
    async close() {
      await host.close();
      await ledger.close();
      await batchVerifier.close();
      await store.close();
      await ledgerStore.close();
      await folder.remove();
    },
  };
}

/** An operator, which runs the node, and a vendor. */
async function found() {
  const keyStore = createMemoryKeyStore();
  await keyStore.generate({ purpose: 'derivation', algorithm: 'HS256', ref: VAULT_KEY });
  const notAfter = unixSeconds(systemClock) + HOUR;
  const member = async (prefix: string) => {
    const request = { keyStore, network: NETWORK, prefix, random: systemRandom, notAfter };
    const { did, operation, refs, kid } = await createOrganisation(request);
    const assertion = { did, kid, signer: await keyStore.signer(refs.key) };
    return { did, operation, assertion, signer: await keyStore.signer(refs.ledger) };
  };
  const members = [await member('operator'), await member('vendor')] as const;
  const genesis = await buildRegistryOperation({
    kind: 'genesis',
    body: {
      founders: [founder(members[0].did, 'operator'), founder(members[1].did, 'vendor')],
      ...{ admissionThreshold: 2, accreditationThreshold: 2, trustAnchors: [] },
    },
    ...{ actor: members[0].did, sequence: 0, network: NETWORK, notAfter },
    signers: members.map(({ signer }) => signer),
  });
  const [{ did, signer, assertion }] = members;
  return {
    ...{ party: { did, signer }, assertion, keyStore },
    genesis: [...members.map(({ operation }) => operation), genesis],
  };
}

const founder = (did: string, role: string) => ({ did, name: { en: role, 'zh-CN': role }, roles: [role] });
