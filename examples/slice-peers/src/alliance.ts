import {
  createMemoryStore,
  type Signer,
  silentLogger,
  systemClock,
  systemRandom,
  unixSeconds,
} from '@attestel/core';
import { actorKeys, createOrganisation, didModule } from '@attestel/did';
import { createMemoryKeyStore, type KeyStore } from '@attestel/keystore';
import { type Ledger, type Operation, openLedger, proofCrypto, witnessVerifierKey } from '@attestel/ledger';
import { createPki, type Pki, pkiModule } from '@attestel/pki';
import { createPolicy, type Policy } from '@attestel/proof';
import { buildRegistryOperation, createRegistryModules, namespaceRule } from '@attestel/registry';

export const NETWORK = 'slices';
export const soon = (): number => unixSeconds(systemClock) + 600;

export interface Company {
  readonly did: string;
  readonly create: Operation;
  /** Signs on the ledger. */
  readonly signer: Signer;
  readonly keyStore: KeyStore;
}

export interface Alliance {
  readonly ledger: Ledger;
  readonly pki: Pki;
  /** Whose word about the ledger counts. */
  readonly policy: Policy;
  readonly a: Company;
  readonly b: Company;
}

/** A ledger in memory, which two operators found. */
export async function openAlliance(): Promise<Alliance> {
  const [a, b] = [await companyOf('a'), await companyOf('b')];
  const keyStore = createMemoryKeyStore();
  for (const ref of ['log', 'witness'])
    await keyStore.generate({ ref, purpose: 'checkpoint', algorithm: 'EdDSA' });
  const witness = {
    ...{ name: 'alliance.example/witness', signer: await keyStore.signer('witness'), clock: systemClock },
  };
  const policy = createPolicy(
    {
      ...{ origin: 'alliance.example/slices', logs: [], groups: [], quorum: 'alliance' },
      witnesses: [
        { name: 'alliance', keyName: witness.name, publicKey: witnessVerifierKey(witness).publicKey },
      ],
    },
    proofCrypto.sha256,
  );
  const ledger = await openLedger({
    ...{
      network: NETWORK,
      modules: [didModule, ...createRegistryModules(), pkiModule],
      actorKeys,
      namespaceRule,
    },
    ...{ origin: policy.origin, store: createMemoryStore(), signer: await keyStore.signer('log') },
    ...{ witness, policy, clock: systemClock, logger: silentLogger },
    genesis: [a.create, b.create, await founding([a, b])],
    collectMilliseconds: 0,
  });
  return { ledger, pki: createPki(ledger), policy, a, b };
}

async function companyOf(prefix: string): Promise<Company> {
  const keyStore = createMemoryKeyStore();
  const { did, operation, refs } = await createOrganisation({
    ...{ keyStore, network: NETWORK, prefix, random: systemRandom, notAfter: soon() },
  });
  return { did, create: operation, signer: await keyStore.signer(refs.ledger), keyStore };
}

const founding = (founders: readonly Company[]): Promise<Operation> =>
  buildRegistryOperation({
    kind: 'genesis',
    body: {
      founders: founders.map(({ did }, i) => ({
        ...{ did, roles: ['operator'] },
        name: { en: `Operator ${i === 0 ? 'A' : 'B'}`, 'zh-CN': `运营商${i === 0 ? '甲' : '乙'}` },
      })),
      ...{ admissionThreshold: 2, accreditationThreshold: 2, trustAnchors: [] },
    },
    ...{ actor: founders[0]?.did ?? '', sequence: 0, network: NETWORK, notAfter: soon() },
    signers: founders.map(({ signer }) => signer),
  });
