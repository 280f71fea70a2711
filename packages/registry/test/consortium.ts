import { createMemoryStore, type Signer, silentLogger, systemRandom, unixSeconds } from '@attestel/core';
import { actorKeys, createOrganisation, didModule } from '@attestel/did';
import { createMemoryKeyStore } from '@attestel/keystore';
import {
  type Ledger,
  type LedgerVerification,
  type Operation,
  openLedger,
  verifyLedger,
} from '@attestel/ledger';
import {
  buildChannelOperation,
  buildRegistryOperation,
  buildSubLedgerOperation,
  createRegistryModules,
  type Decider,
  namespaceRule,
  type Role,
} from '@attestel/registry';
import { named } from './fake-ledger.ts';

export const clock = { now: () => 1_800_000_000_000 };
export const notAfter = unixSeconds(clock) + 3600;
export const NETWORK = 'test';

export const keyStore = createMemoryKeyStore();

export interface Organisation {
  readonly did: string;
  readonly create: Operation;
  readonly signer: Signer;
  /** As a founder; absent: an operator. */
  readonly roles?: readonly Role[];
}

export async function organisation(prefix: string): Promise<Organisation> {
  const request = { keyStore, network: NETWORK, prefix, random: systemRandom, notAfter };
  const { did, operation, refs } = await createOrganisation(request);
  return { did, create: operation, signer: await keyStore.signer(refs.ledger) };
}

let keys = 0;

/** A fresh Ed25519 key for checkpoints or cosignatures. */
export async function checkpointSigner(): Promise<Signer> {
  const ref = `test-checkpoint-${keys++}`;
  await keyStore.generate({ purpose: 'checkpoint', algorithm: 'EdDSA', ref });
  return keyStore.signer(ref);
}

export interface Consortium {
  readonly ledger: Ledger;
  /** Replays the log on a fresh store and compares roots and the whole state. */
  verify(): Promise<LedgerVerification>;
  /** Code (and field) of the refusal; undefined where accepted. */
  send(operation: Operation | Promise<Operation>): Promise<string | undefined>;
  /** Operations of modules ordered by actor: the first acts, all sign. */
  govern(
    module: 'registry' | 'channel' | 'sub-ledger',
    kind: string,
    body: Parameters<typeof buildRegistryOperation>[0]['body'],
    by: readonly Organisation[],
    ns?: string,
  ): Promise<string | undefined>;
}

const BUILD = {
  registry: buildRegistryOperation,
  channel: buildChannelOperation,
  'sub-ledger': buildSubLedgerOperation,
};

/** A solo ledger with everything of this package, founded by operators: two votes decide. */
export async function openConsortium(
  founders: readonly Organisation[],
  deciders: readonly Decider[] = [],
  origin = 'ledger.test/main',
): Promise<Consortium> {
  const rules = {
    network: NETWORK,
    modules: [didModule, ...createRegistryModules(deciders)],
    actorKeys,
    namespaceRule,
  };
  const founding = {
    founders: founders.map(({ did, roles = ['operator'] }) => ({ did, name: named('Operator'), roles })),
    ...{ admissionThreshold: 2, accreditationThreshold: 2, trustAnchors: [] },
  };
  const request = { kind: 'genesis', actor: founders[0]?.did ?? '', sequence: 0, network: NETWORK, notAfter };
  const signers = founders.map(({ signer }) => signer);
  const [store, signer] = [createMemoryStore(), await checkpointSigner()] as const;
  const ledger = await openLedger({
    ...rules,
    origin,
    store,
    signer,
    clock,
    logger: silentLogger,
    genesis: [
      ...founders.map(({ create }) => create),
      await buildRegistryOperation({ ...request, body: founding, signers }),
    ],
  });
  const send: Consortium['send'] = async (operation) => {
    const [result] = await ledger.submit([await operation]);
    if (!result || result.ok) return undefined;
    const { code, field } = result.error;
    return field === undefined ? code : `${code} ${field}`;
  };
  return {
    ledger,
    verify: () => verifyLedger({ ...rules, origin, store, checkpointKey: signer.publicKey }),
    send,
    async govern(module, kind, body, by, ns = 'main') {
      const actor = by[0]?.did ?? '';
      const sequence = ledger.sequence(module, actor);
      const signed = by.map(({ signer }) => signer);
      return send(
        BUILD[module]({ kind, body, ns, actor, sequence, network: NETWORK, notAfter, signers: signed }),
      );
    },
  };
}
