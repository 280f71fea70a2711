import { join } from 'node:path';
import type { Bytes } from '@attestel/core';
import { findEngine, openLmdbStore } from '@attestel/ledger';
import type { Policy } from '@attestel/proof';
import { fail } from '../errors.ts';
import { createLedgerMeter } from '../node/ledger-meter.ts';
import { openValidator, type ValidatorLedger } from '../node/open-validator.ts';
import { type DemoValidator, describeValidators, ensureEngineGenesis, toPeer } from './comet-demo-genesis.ts';
import { DEMO_LEDGER } from './demo-constants.ts';
import type { DemoLedger, DemoLedgers } from './demo-ledgers.ts';
import { type DemoWitness, demoPolicy, ensureWitnesses, publishPolicy } from './demo-witnesses.ts';
import type { DemoParty } from './parties.ts';
import type { Provisioned } from './provision.ts';
import type { World } from './world.ts';

const HEARTBEAT_SECONDS = 30;
const POLL_SECONDS = 5;
/** Engines that share two cores with four applications take their time to find each other. */
const FIRST_BLOCK_MILLISECONDS = 60_000;

/** A validator per operator and one of the platform, so that bridge and wallet rely on nobody's node but their own. */
export async function openCometDemoLedgers(
  world: World,
  founders: readonly Provisioned[],
  root: Bytes,
): Promise<DemoLedgers> {
  const { dataDir, progress } = world.options;
  const binary = await findEngine(progress ? { onProgress: progress } : {});
  const validators = await describeValidators(world, founders);
  const witnesses = await ensureWitnesses(
    world,
    validators.map(({ who }) => who),
  );
  const policy = demoPolicy(world.network, {
    witnesses,
    group: 'validators',
    // More than two thirds: as many as it takes to make a block.
    threshold: Math.floor((2 * witnesses.length) / 3) + 1,
  });
  const genesis = await ensureEngineGenesis(world, founders, root, validators);
  const opened = await openAll({ world, binary, policy, genesis, validators, witnesses });
  const of = ({ id }: DemoParty): DemoLedger =>
    (opened.find(({ who }) => who.id === id) as OpenValidator).shown;
  return {
    ledger: of((validators[0] as DemoValidator).who).ledger,
    policyText: await publishPolicy(dataDir, policy),
    openFor: async (party) => of(party),
    isExecutor: ({ id }) => opened.some(({ who }) => who.id === id),
    async settle() {
      await Promise.all(opened.map(({ ledger }) => ledger.collect()));
    },
    async stopFollowing() {},
    close: () => closeAll(opened),
  };
}

interface Network {
  readonly world: World;
  readonly binary: string;
  readonly policy: Policy;
  readonly genesis: string;
  readonly validators: readonly DemoValidator[];
  readonly witnesses: readonly DemoWitness[];
}

interface OpenValidator {
  readonly who: DemoParty;
  readonly ledger: ValidatorLedger;
  /** As its party's nodes get it. */
  readonly shown: DemoLedger;
  close(): Promise<void>;
}

/** All of them, or none: each waits for the others' engines. @throws AppError validators_not_started */
async function openAll(network: Network): Promise<readonly OpenValidator[]> {
  const tried = await Promise.allSettled(network.validators.map((validator) => openOne(network, validator)));
  const opened = tried.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  try {
    for (const result of tried) if (result.status === 'rejected') throw result.reason;
    network.world.options.progress?.('waiting for the validators’ first block');
    const signal = AbortSignal.timeout(FIRST_BLOCK_MILLISECONDS);
    await Promise.all(opened.map(({ ledger }) => ledger.reachedHeight(1, signal)));
    return opened;
  } catch (cause) {
    await closeAll(opened);
    const isLate = cause instanceof Error && cause.name === 'AbortError';
    throw isLate ? fail('validators_not_started', { cause }) : cause;
  }
}

async function openOne(network: Network, validator: DemoValidator): Promise<OpenValidator> {
  const { world, binary, policy, genesis, validators, witnesses } = network;
  const { who, home, p2pAddress, rpcAddress } = validator;
  const store = await openLmdbStore({ path: join(world.options.dataDir, who.id, DEMO_LEDGER.folder) });
  const meter = createLedgerMeter();
  try {
    const ledger = await openValidator({
      ...{ binary, home, genesis, policy, store, meter, p2pAddress, rpcAddress },
      ...{ network: world.network, clock: world.clock, logger: world.logger.child({ validator: who.id }) },
      moniker: who.id,
      fetch: world.options.fetch ?? fetch,
      peers: validators.filter((other) => other !== validator).map(toPeer),
      witness: (witnesses[validators.indexOf(validator)] as DemoWitness).key,
      heartbeatSeconds: HEARTBEAT_SECONDS,
      pollSeconds: POLL_SECONDS,
    });
    const close = async (): Promise<void> => {
      await ledger.close();
      await store.close();
    };
    return { who, ledger, shown: { ledger: meter.watch(ledger), meter }, close };
  } catch (error) {
    await store.close();
    throw error;
  }
}

/** Together: an engine whose peers are gone has no quorum, and nothing to lose by it. */
const closeAll = async (opened: readonly OpenValidator[]): Promise<void> => {
  await Promise.all(opened.map((each) => each.close()));
};
