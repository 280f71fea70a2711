import { type Bytes, type CborValue, type Signer, type Store, silentLogger } from '@attestel/core';
import { createDid } from '@attestel/did';
import {
  createLedgerHost,
  type HostedLedger,
  type LedgerExecutor,
  type Operation,
  openExecutor,
} from '@attestel/ledger';
import {
  buildChannelOperation,
  buildRegistryOperation,
  buildSubLedgerOperation,
  moduleDigestOf,
} from '@attestel/registry';
import type { RecordedBlock } from './recording.ts';
import { meter, NETWORK, ORIGIN, rules } from './rules.ts';
import type { Seeded } from './seeded.ts';

export const START_MS = 1_900_000_000_000;
export const METER = moduleDigestOf(meter.declaration);
export const CHANNEL = 'gd';
const ALWAYS = { from: 0, until: null };

/** A DID of the recording with the keys that may change it. */
export interface Subject {
  readonly did: string;
  readonly ledgerKey: Signer;
  /** Committed: makes the next change. */
  control: Signer;
  previous: Bytes;
}

const BUILD = {
  registry: buildRegistryOperation,
  channel: buildChannelOperation,
  'sub-ledger': buildSubLedgerOperation,
};

/** The ledger while its recording is made. */
export interface World {
  readonly random: Seeded;
  readonly ledger: HostedLedger;
  readonly founders: readonly Subject[];
  /** Last second in which operations of the next block are valid. */
  notAfter(): number;
  /** Operation of a module ordered by actor: the first acts, all sign. Takes the next sequence in this block. */
  govern(
    module: keyof typeof BUILD,
    kind: string,
    body: { readonly [field: string]: CborValue },
    by: readonly Subject[],
    ns?: string,
  ): Promise<Operation>;
  /** Executes and commits a block; returns the operations that were accepted. */
  commit(operations: readonly Operation[]): Promise<readonly Operation[]>;
  readonly blocks: readonly RecordedBlock[];
}

/** A DID that is not on the ledger yet, with the operation that puts it there. */
export async function newSubject(random: Seeded, notAfter: number): Promise<[Subject, Operation]> {
  const key = (): Signer => (random.below(4) === 0 ? random.p256() : random.ed25519());
  const [control, next, ledgerKey, assertion] = [key(), key(), key(), random.p256()];
  const created = createDid({
    network: NETWORK,
    controlKey: control,
    nextKeys: [next.publicKey],
    ledgerKeys: [['ledger-1', ledgerKey.publicKey]],
    document: {
      verificationMethods: [
        { fragment: 'key-1', key: assertion.publicKey, relationships: ['authentication', 'assertionMethod'] },
      ],
    },
    random,
  });
  const operation = await created.toOperation(notAfter);
  return [{ did: created.did, ledgerKey, control: next, previous: operation.id }, operation];
}

/** @param store empty */
export async function openWorld(random: Seeded, store: Store): Promise<World> {
  const { book, executor } = await openExecutor({ ...rules, origin: ORIGIN, store });
  const { ledger } = createLedgerHost({ book, store, executor, logger: silentLogger });
  const blocks: RecordedBlock[] = [];
  const taken = new Map<string, number>();
  const timeMs = (): number => START_MS + executor.head.height * 700;
  const notAfter = (): number => Math.floor(timeMs() / 1000) + 600;
  const sequenceOf = (module: string, actor: string): number => {
    const name = `${module} ${actor}`;
    const sequence = taken.get(name) ?? ledger.sequence(module, actor);
    taken.set(name, sequence + 1);
    return sequence;
  };
  const govern: World['govern'] = (module, kind, body, by, ns = 'main') => {
    const actor = by[0]?.did ?? '';
    const signers = by.map(({ ledgerKey }) => ledgerKey);
    const sequence = sequenceOf(module, actor);
    return BUILD[module]({
      kind,
      body,
      ns,
      actor,
      sequence,
      network: NETWORK,
      notAfter: notAfter(),
      signers,
    });
  };
  const commit: World['commit'] = async (operations) => {
    const block = await commitBlock(executor, { timeMs: timeMs(), operations });
    blocks.push(block);
    taken.clear();
    return operations.filter((_, i) => block.outcomes[i] !== null);
  };
  const pairs = await Promise.all([0, 1, 2, 3].map(() => newSubject(random, notAfter())));
  const founders = pairs.map(([subject]) => subject);
  const world = { random, ledger, founders, notAfter, govern, commit, blocks };
  await found(
    world,
    pairs.map(([, operation]) => operation),
  );
  return world;
}

async function commitBlock(
  executor: LedgerExecutor,
  block: { readonly timeMs: number; readonly operations: readonly Operation[] },
): Promise<RecordedBlock> {
  const candidate = executor.execute(block);
  const outcomes = candidate.outcomes.map((outcome) => ('error' in outcome ? null : outcome.index));
  await executor.commit(candidate);
  return { ...block, outcomes, appHash: candidate.appHash };
}

/** Block 1, then the channel in which lines are written. */
async function found(world: World, creations: readonly Operation[]): Promise<void> {
  const { founders, govern, commit } = world;
  const body = {
    founders: founders.map(({ did }) => ({
      did,
      name: named('Operator'),
      roles: ['operator', 'platform', 'app'],
    })),
    ...{ admissionThreshold: 2, accreditationThreshold: 2, trustAnchors: [] },
  };
  const accepted = await commit([...creations, await foundingOf(world, body)]);
  const channel = {
    channel: CHANNEL,
    governors: founders.map(({ did }) => did),
    threshold: 2,
    read: 'members',
    shared: [METER],
    validity: ALWAYS,
    members: founders.map(({ did }) => ({ did, role: 'writer', validity: ALWAYS })),
  };
  const opened = await commit([await govern('channel', 'open', channel, founders.slice(0, 2))]);
  if (accepted.length !== creations.length + 1 || opened.length !== 1)
    throw new Error('the world was not founded');
}

const foundingOf = ({ founders, notAfter }: World, body: { readonly [field: string]: CborValue }) =>
  buildRegistryOperation({
    kind: 'genesis',
    body,
    actor: founders[0]?.did ?? '',
    sequence: 0,
    network: NETWORK,
    notAfter: notAfter(),
    signers: founders.map(({ ledgerKey }) => ledgerKey),
  });

export const named = (text: string) => ({ en: text, 'zh-CN': `${text}（测试）` });
export { ALWAYS };
