import { join } from 'node:path';
import {
  type Bytes,
  type CborValue,
  type Signer,
  type Store,
  silentLogger,
  systemClock,
  systemRandom,
  unixSeconds,
} from '@attestel/core';
import { actorKeys, createOrganisation, createPartyToken, didModule } from '@attestel/did';
import { createMemoryKeyStore } from '@attestel/keystore';
import {
  createWorkerVerifier,
  type Ledger,
  openLedger,
  openLmdbStore,
  proofCrypto,
  witnessVerifierKey,
} from '@attestel/ledger';
import { buildPkiOperation, createPki, createPublisher, type Publisher, pkiModule } from '@attestel/pki';
import { createPolicy, type Policy } from '@attestel/proof';
import { buildRegistryOperation, createRegistryModules, namespaceRule } from '@attestel/registry';
import { fixedSigner } from '../fixed-signer.ts';
import { createTemporaryFolder } from '../temporary-folder.ts';

export const NETWORK = 'bench';
const ORIGIN = 'bench.example/pki';
const WITNESS = 'bench.example/witness';
const HOUR = 3600;
const TOKEN_SECONDS = 300;

export interface Member {
  readonly did: string;
  /** Its ledger key. */
  readonly signer: Signer;
  /** A token of the member for a node with this origin. */
  token(origin: string): Promise<string>;
}

export interface PkiLedger {
  readonly ledger: Ledger;
  readonly policy: Policy;
  readonly vendor: Member;
  readonly operator: Member;
  readonly tokenKey: Bytes;
  readonly store: Store;
  publisherOf(member: Member): Publisher;
  /** An operation that has to be accepted; both members sign, the first acts. */
  act(kind: string, body: object, by: readonly Member[]): Promise<void>;
  close(): Promise<void>;
}

/** A durable ledger in a temporary folder as a node alone runs it, with a vendor and an operator. */
export async function openPkiLedger(): Promise<PkiLedger> {
  const folder = await createTemporaryFolder();
  const store = await openLmdbStore({ path: join(folder.path, 'store') });
  const batchVerifier = createWorkerVerifier();
  const { vendor, operator, genesis } = await found();
  const witness = { name: WITNESS, signer: fixedSigner('witness'), clock: systemClock };
  const policy = policyOf(witness);
  const ledger = await openLedger({
    ...{ network: NETWORK, origin: ORIGIN, store, batchVerifier, policy, witness, genesis },
    modules: [didModule, ...createRegistryModules(), pkiModule],
    ...{ actorKeys, namespaceRule, signer: fixedSigner('log'), clock: systemClock, logger: silentLogger },
  });
  const tokenKey = systemRandom.bytes(32);
  const pki = createPki(ledger);
  return {
    ...{ ledger, policy, vendor, operator, tokenKey, store },
    publisherOf: ({ did, signer }) =>
      createPublisher({ ledger, pki, did, signer, tokenKey, clock: systemClock, random: systemRandom }),
    async act(kind, body, by) {
      const operation = await buildPkiOperation({
        ...{ kind, body: { v: 1, ...body } as { readonly [field: string]: CborValue } },
        ...{ actor: by[0]?.did ?? '', network: NETWORK, notAfter: unixSeconds(systemClock) + HOUR },
        signers: by.map(({ signer }) => signer),
      });
      const [result] = await ledger.submit([operation]);
      if (!result?.ok) throw new Error(`bench: ${kind} was refused: ${result?.error.code}`);
    },
    async close() {
      await ledger.close();
      await batchVerifier.close();
      await store.close();
      await folder.remove();
    },
  };
}

/** Two members, whose ledger keys are of this run. */
async function found() {
  const keyStore = createMemoryKeyStore();
  const notAfter = unixSeconds(systemClock) + HOUR;
  const member = async (prefix: string) => {
    const request = { keyStore, network: NETWORK, prefix, random: systemRandom, notAfter };
    const { did, operation, refs, kid } = await createOrganisation(request);
    const key = await keyStore.signer(refs.key);
    return {
      ...{ did, operation, signer: await keyStore.signer(refs.ledger) },
      token: (audience: string) =>
        createPartyToken({ did, kid, signer: key, audience, clock: systemClock, ttlSeconds: TOKEN_SECONDS }),
    };
  };
  const [vendor, operator] = [await member('vendor'), await member('operator')];
  const founderOf = ({ did }: Member, role: string) => ({
    did,
    name: { en: role, 'zh-CN': role },
    roles: [role],
  });
  const genesis = await buildRegistryOperation({
    kind: 'genesis',
    body: {
      founders: [founderOf(vendor, 'vendor'), founderOf(operator, 'operator')],
      ...{ admissionThreshold: 2, accreditationThreshold: 2, trustAnchors: [] },
    },
    ...{ actor: vendor.did, sequence: 0, network: NETWORK, notAfter },
    signers: [vendor.signer, operator.signer],
  });
  return { vendor, operator, genesis: [vendor.operation, operator.operation, genesis] };
}

const policyOf = (witness: { readonly name: string; readonly signer: Signer }): Policy =>
  createPolicy(
    {
      ...{ origin: ORIGIN, logs: [{ publicKey: fixedSigner('log').publicKey.subarray(2) }] },
      witnesses: [{ name: 'w', keyName: witness.name, publicKey: witnessVerifierKey(witness).publicKey }],
      ...{ groups: [], quorum: 'w' },
    },
    proofCrypto.sha256,
  );
