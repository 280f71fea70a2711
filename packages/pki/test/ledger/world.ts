import {
  type Bytes,
  type CborValue,
  createMemoryStore,
  type Signer,
  type Store,
  silentLogger,
  systemRandom,
  unixSeconds,
} from '@attestel/core';
import { actorKeys, createOrganisation, didModule } from '@attestel/did';
import { createMemoryKeyStore } from '@attestel/keystore';
import {
  type Ledger,
  type Operation,
  openLedger,
  proofCrypto,
  verifyLedger,
  witnessVerifierKey,
} from '@attestel/ledger';
import {
  anchorIdOf,
  type BatchTerms,
  batchIdOf,
  buildPkiOperation,
  commitToTokenKey,
  createPki,
  type Pki,
  pkiModule,
  type Scope,
} from '@attestel/pki';
import { createPolicy, type Policy } from '@attestel/proof';
import { buildRegistryOperation, createRegistryModules, namespaceRule } from '@attestel/registry';

export const NETWORK = 'test';
export const START = 1_800_000_000;
export const DAY = 86_400;

type Body = { readonly [field: string]: CborValue };

export interface Party {
  readonly did: string;
  readonly create: Operation;
  readonly signer: Signer;
}

export interface World {
  readonly ledger: Ledger;
  readonly policy: Policy;
  readonly pki: Pki;
  readonly a: Party;
  readonly b: Party;
  readonly c: Party;
  readonly v: Party;
  readonly w: Party;
  readonly stranger: Party;
  /** Moves the clock. */
  later(seconds: number): void;
  now(): number;
  /** Code (and field) of the refusal; undefined where accepted. The first acts, all sign. */
  act(kind: string, body: object, by: readonly Party[], previous?: Bytes | null): Promise<string | undefined>;
  send(operation: Operation): Promise<string | undefined>;
  /** Events of the last accepted operation. */
  last(): readonly { readonly type: string; readonly data: { readonly [key: string]: CborValue } }[];
  notAfter(): number;
  /** Replays the log and compares everything. */
  verify(): Promise<unknown>;
  /** From the store, as the law may ask. */
  eraseAttachments(): Promise<void>;
}

const name = (text: string) => ({ en: text, 'zh-CN': text });

/**
 * A solo ledger with operators A, B, C and vendors V, W; two votes decide about trust.
 * @param store where it is kept; its owner closes it
 * @param start its first second; the real one where programs take part that know no other time
 */
export async function openWorld(start = START, store: Store = createMemoryStore()): Promise<World> {
  let milliseconds = start * 1000;
  const clock = { now: () => milliseconds };
  const keyStore = createMemoryKeyStore();
  const party = async (prefix: string): Promise<Party> => {
    const request = { keyStore, network: NETWORK, prefix, random: systemRandom, notAfter: start + 3600 };
    const { did, operation, refs } = await createOrganisation(request);
    return { did, create: operation, signer: await keyStore.signer(refs.ledger) };
  };
  const [a, b, c, v, w, stranger] = (await Promise.all(['a', 'b', 'c', 'v', 'w', 's'].map(party))) as [
    Party,
    Party,
    Party,
    Party,
    Party,
    Party,
  ];
  const all = [a, b, c, v, w];
  const founders = all.map(({ did }, i) => ({
    did,
    name: name(`Member ${i}`),
    roles: [i < 3 ? 'operator' : 'vendor'],
  }));
  const genesis = await buildRegistryOperation({
    kind: 'genesis',
    body: { founders, admissionThreshold: 2, accreditationThreshold: 2, trustAnchors: [] },
    ...{ actor: a.did, sequence: 0, network: NETWORK, notAfter: start + 3600 },
    signers: all.map(({ signer }) => signer),
  });
  for (const ref of ['log', 'witness'])
    await keyStore.generate({ ref, purpose: 'checkpoint', algorithm: 'EdDSA' });
  const signer = await keyStore.signer('log');
  const witness = { name: 'ledger.test/own', signer: await keyStore.signer('witness'), clock };
  const policy = createPolicy(
    {
      ...{ origin: 'ledger.test/pki', logs: [], groups: [], quorum: 'own' },
      witnesses: [{ name: 'own', keyName: witness.name, publicKey: witnessVerifierKey(witness).publicKey }],
    },
    proofCrypto.sha256,
  );
  const rules = {
    network: NETWORK,
    modules: [didModule, ...createRegistryModules(), pkiModule],
    actorKeys,
    namespaceRule,
  };
  const ledger = await openLedger({
    ...rules,
    ...{ origin: policy.origin, store, signer, witness, policy, clock, logger: silentLogger },
    genesis: [...all.map(({ create }) => create), genesis],
    collectMilliseconds: 0,
  });
  let events: ReturnType<World['last']> = [];
  const send: World['send'] = async (operation) => {
    const [result] = await ledger.submit([operation]);
    if (result?.ok) {
      events = result.events;
      return undefined;
    }
    const { code = 'none', field } = result?.error ?? {};
    return field === undefined ? code : `${code} ${field}`;
  };
  let made = 0;
  // Never the same twice: what is said again is another operation.
  const notAfter = (): number => unixSeconds(clock) + 3600 + made++;
  return {
    policy,
    ...{ ledger, pki: createPki(ledger), a, b, c, v, w, stranger, send, notAfter },
    later: (seconds) => {
      milliseconds += seconds * 1000;
    },
    now: () => unixSeconds(clock),
    act: async (kind, body, by, previous = null) => {
      const operation = await buildPkiOperation({
        kind,
        body: { v: 1, ...body } as Body,
        ...{ actor: by[0]?.did ?? '', previous, network: NETWORK, notAfter: notAfter() },
        signers: by.map((one) => one.signer),
      });
      return send(operation);
    },
    last: () => events,
    eraseAttachments: async () => {
      const table = 'ledger/attachments';
      const keys = Array.from(store.range(table), ([key]) => key);
      await store.transact((writer) => {
        for (const key of keys) writer.delete(table, key);
      });
    },
    verify: () => verifyLedger({ ...rules, origin: policy.origin, store, checkpointKey: signer.publicKey }),
  };
}

/** Under which a party hides its device serials. */
export const tokenKeyOf = (party: Party): Bytes => proofCrypto.sha256(party.signer.publicKey);

export const vendorScope = (vendor: Party, serials: readonly string[] = ['AC5G']): Scope => ({
  ...{ kind: 'vendor', owner: vendor.did, plmns: [], slices: [], dns: [], serials: [...serials] },
  roles: ['home-gateway', 'iot-thing', 'small-cell'],
  tokenKey: commitToTokenKey(tokenKeyOf(vendor)),
});

export const operatorScope = (operator: Party, mnc: string, slices: readonly string[] = []): Scope => ({
  ...{ kind: 'operator', owner: operator.did, plmns: [`460${mnc.slice(1)}`], slices: [...slices] },
  dns: [`mnc${mnc}.mcc460.3gppnetwork.org`],
  ...{ serials: [], roles: ['network-function', 'security-gateway', 'small-cell'] },
  tokenKey: commitToTokenKey(tokenKeyOf(operator)),
});

export const admission = (
  world: World,
  scope: Scope,
  voters: readonly Party[],
  more: { certificate?: Bytes | null; from?: number; until?: number | null; replaces?: object | null } = {},
) => ({
  ...{ certificate: null, scope, from: world.now(), until: null, replaces: null },
  voters: voters.map(({ did }) => did),
  ...more,
});

/** The vendor's range without a CA, voted by A and B. */
export async function admitVendor(world: World, vendor = world.v): Promise<Bytes> {
  const scope = vendorScope(vendor);
  const refusal = await world.act('anchor.admit', admission(world, scope, [world.a, world.b]), [
    vendor,
    world.a,
    world.b,
  ]);
  if (refusal !== undefined) throw new Error(refusal);
  return anchorIdOf(null, scope);
}

export const terms = (world: World, anchor: Bytes, more: Partial<BatchTerms> = {}): BatchTerms => ({
  anchor,
  ...{ product: 'AC-5G indoor', number: 'PO-1', count: 100 },
  serials: { prefix: 'AC5G-', digits: 6, from: 1, to: 100 },
  ...{ line: null, expiry: world.now() + 30 * DAY, destination: null },
  ...more,
});

export async function authorise(world: World, what: BatchTerms, vendor = world.v): Promise<Bytes> {
  const refusal = await world.act('batch.authorise', what, [vendor]);
  if (refusal !== undefined) throw new Error(refusal);
  return batchIdOf(what, { network: NETWORK, vendor: vendor.did });
}
