import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Bytes, utf8 } from '@attestel/core';
import {
  type EngineIdentity,
  ensureEngineKeys,
  findEngine,
  formatEngineGenesis,
  openLmdbStore,
} from '@attestel/ledger';
import { fail } from '../errors.ts';
import { createLedgerMeter } from '../node/ledger-meter.ts';
import { openValidator, type ValidatorLedger, type ValidatorPeer } from '../node/open-validator.ts';
import { writeFileDurably } from '../node/write-file-durably.ts';
import { DEMO_LEDGER, demoOrigin, ENGINE_GENESIS_FILE } from './demo-constants.ts';
import type { DemoLedger, DemoLedgers } from './demo-ledgers.ts';
import { demoPolicy, ensureWitnesses, publishPolicy } from './demo-witnesses.ts';
import { DEMO_PLATFORM } from './parties.ts';
import { ensureGenesis, type Provisioned } from './provision.ts';
import type { World } from './world.ts';

const POWER = 10;
const HEARTBEAT_SECONDS = 30;
const POLL_SECONDS = 5;
/** Engines that share two cores with four applications take their time to find each other. */
const FIRST_BLOCK_MILLISECONDS = 60_000;

interface DemoValidator {
  readonly who: Provisioned;
  readonly home: string;
  readonly identity: EngineIdentity;
  readonly p2pAddress: string;
  readonly rpcAddress: string;
  /** Where its node serves the ledger. */
  readonly url: string;
}

/** A validator per operator and one of the platform, so that bridge and wallet rely on nobody's node but their own. */
export async function openCometDemoLedgers(
  world: World,
  founders: readonly Provisioned[],
  root: Bytes,
): Promise<DemoLedgers> {
  const { dataDir, progress } = world.options;
  const binary = await findEngine(progress ? { onProgress: progress } : {});
  const members = founders.filter((f) => f.roles.includes('operator') || f.id === DEMO_PLATFORM.id);
  const validators = await Promise.all(members.map((who, i) => describeValidator(world, who, i)));
  const witnesses = await ensureWitnesses(world, members);
  const policy = demoPolicy(world.network, {
    witnesses,
    group: 'validators',
    // More than two thirds: as many as it takes to make a block.
    threshold: Math.floor((2 * witnesses.length) / 3) + 1,
  });
  const genesis = await ensureEngineGenesis(world, founders, root, validators);
  const opened = new Map<string, DemoLedger & { readonly ledger: ValidatorLedger }>();
  const closers: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    // Together: an engine that ends leaves the others without a quorum, not without their stores.
    await Promise.all(closers.splice(0).map((each) => each()));
  };
  const open = async (validator: DemoValidator, i: number): Promise<void> => {
    const { who, home, p2pAddress, rpcAddress } = validator;
    const store = await openLmdbStore({ path: join(dataDir, who.id, DEMO_LEDGER.folder) });
    const meter = createLedgerMeter();
    const ledger = await openValidator({
      ...{ binary, home, genesis, policy, store, meter, p2pAddress, rpcAddress },
      ...{ network: world.network, clock: world.clock, logger: world.logger.child({ validator: who.id }) },
      moniker: who.id,
      fetch: world.options.fetch ?? fetch,
      peers: validators.filter((other) => other !== validator).map(toPeer),
      witness: (witnesses[i] as (typeof witnesses)[number]).key,
      heartbeatSeconds: HEARTBEAT_SECONDS,
      pollSeconds: POLL_SECONDS,
    }).catch(async (error: unknown) => {
      await store.close();
      throw error;
    });
    closers.push(async () => {
      await ledger.close();
      await store.close();
    });
    opened.set(who.id, { ledger, meter });
  };
  const ledgers = (): ValidatorLedger[] => [...opened.values()].map(({ ledger }) => ledger);
  try {
    await Promise.all(validators.map(open));
    progress?.('waiting for the validators’ first block');
    const signal = AbortSignal.timeout(FIRST_BLOCK_MILLISECONDS);
    await Promise.all(ledgers().map((ledger) => ledger.reachedHeight(1, signal)));
  } catch (error) {
    await close();
    throw signalled(error) ? fail('validators_not_started', { cause: error }) : error;
  }
  const of = ({ id }: { readonly id: string }): DemoLedger => {
    const { ledger, meter } = opened.get(id) as DemoLedger;
    return { ledger: meter.watch(ledger), meter };
  };
  return {
    ledger: of(members[0] as Provisioned).ledger,
    policyText: await publishPolicy(dataDir, policy),
    openFor: async (who) => of(who),
    isExecutor: ({ id }) => opened.has(id),
    async settle() {
      await Promise.all(ledgers().map((ledger) => ledger.collect()));
    },
    async stopFollowing() {},
    close,
  };
}

const signalled = (error: unknown): boolean =>
  error instanceof Error && ['AbortError', 'TimeoutError'].includes(error.name);

async function describeValidator(world: World, who: Provisioned, index: number): Promise<DemoValidator> {
  const { options, ports, urls } = world;
  const home = join(options.dataDir, who.id, DEMO_LEDGER.engineFolder);
  const operator = world.operators.findIndex(({ id }) => id === who.id);
  return {
    who,
    home,
    identity: await ensureEngineKeys(home),
    p2pAddress: `127.0.0.1:${ports.engines + 2 * index}`,
    rpcAddress: `127.0.0.1:${ports.engines + 2 * index + 1}`,
    url: urls.operators[operator] ?? urls.wallet,
  };
}

const toPeer = ({ identity, p2pAddress, url }: DemoValidator): ValidatorPeer => ({
  nodeId: identity.nodeId,
  address: p2pAddress,
  url,
});

/** Made once and read back ever after, since it must stay the same byte for byte. */
async function ensureEngineGenesis(
  world: World,
  founders: readonly Provisioned[],
  root: Bytes,
  validators: readonly DemoValidator[],
): Promise<string> {
  const { dataDir } = world.options;
  const file = join(dataDir, ENGINE_GENESIS_FILE);
  if (existsSync(file)) return readFile(file, 'utf8');
  const set = validators.map(({ who, identity }) => ({ who, key: identity.consensusKey, power: POWER }));
  const operations = await ensureGenesis(dataDir, founders, [root], world, set);
  const text = formatEngineGenesis({
    chainId: `attestel-${world.network}`,
    timeMs: world.clock.now(),
    validators: [],
    ledger: { network: world.network, origin: demoOrigin(world.network), operations },
  });
  await writeFileDurably(file, utf8(text));
  return text;
}
