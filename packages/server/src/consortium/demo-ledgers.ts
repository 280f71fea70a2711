import { join } from 'node:path';
import type { Bytes, Signer } from '@attestel/core';
import {
  createWorkerVerifier,
  type FollowedLedger,
  type Ledger,
  openCosignedLedger,
  openFollowedLedger,
  openLmdbStore,
} from '@attestel/ledger';
import type { Policy } from '@attestel/proof';
import { type Closers, startWhole } from '../closers.ts';
import { fetchAsParty } from '../node/fetch-as-party.ts';
import { intervalTimer } from '../node/interval-timer.ts';
import { createLedgerMeter, type LedgerMeter } from '../node/ledger-meter.ts';
import { LEDGER_RULES } from '../node/ledger-rules.ts';
import { ensureLogSigner } from '../node/log-key.ts';
import { DEMO_LEDGER, demoOrigin } from './demo-constants.ts';
import { type DemoWitness, demoPolicy, ensureWitnesses, publishPolicy } from './demo-witnesses.ts';
import type { DemoParty } from './parties.ts';
import { ensureGenesis, type Provisioned } from './provision.ts';
import type { World } from './world.ts';

/** Far below the age at which wallets refuse a checkpoint. */
const HEARTBEAT = { seconds: 30, timer: intervalTimer };
/** How long the start waits for an operator to have executed what is there. */
const CATCH_UP_MILLISECONDS = 20_000;

/** The ledger as one party of the demo has it. */
export interface DemoLedger {
  readonly ledger: Ledger;
  readonly meter: LedgerMeter;
  readonly alarms?: FollowedLedger['alarms'];
}

/** The demo's ledger, as everyone in it has it. */
export interface DemoLedgers {
  /** As the first operator has it. */
  readonly ledger: Ledger;
  readonly policyText: string;
  /** As a party has it that executes it. The first operator's node must run before that of one that follows. */
  openFor(party: Provisioned): Promise<DemoLedger>;
  /** Whether it executes the ledger itself. */
  isExecutor(party: DemoParty): boolean;
  /** Fetches cosignatures now, so that receipts are there from the first request on. */
  settle(): Promise<void>;
  stopFollowing(): Promise<void>;
  close(): Promise<void>;
}

/** The first operator orders, the others execute and cosign. */
export const openDemoLedgers = (
  world: World,
  founders: readonly Provisioned[],
  root: Bytes,
): Promise<DemoLedgers> => startWhole((opening) => open(world, founders, root, opening));

async function open(
  world: World,
  founders: readonly Provisioned[],
  root: Bytes,
  opening: Closers,
): Promise<DemoLedgers> {
  const operators = founders.filter((f) => f.roles.includes('operator'));
  const witnesses = await ensureWitnesses(world, operators);
  const sequencer = operators.find(({ id }) => id === DEMO_LEDGER.sequencer) as Provisioned;
  const signer = await ensureLogSigner(sequencer.party.keyStore);
  const policy = demoPolicy(world.network, {
    log: signer,
    witnesses,
    group: 'operators',
    threshold: Math.floor(witnesses.length / 2) + 1,
  });
  const genesis = await ensureGenesis(world.options.dataDir, founders, [root], world);
  const { options, urls } = world;
  const store = await openLmdbStore({ path: join(options.dataDir, DEMO_LEDGER.folder) });
  opening.add(() => store.close());
  const meter = createLedgerMeter();
  const batchVerifier = createWorkerVerifier({ logger: world.logger });
  opening.add(() => batchVerifier.close());
  const common = { ...LEDGER_RULES, network: world.network, policy, heartbeat: HEARTBEAT };
  const ports = { clock: world.clock, logger: world.logger, fetch: options.fetch ?? fetch };
  const opened = await openCosignedLedger({
    ...{ ...common, ...ports, store, meter, batchVerifier, genesis, signer },
    origin: demoOrigin(world.network),
    witness: witnesses.find(({ id }) => id === sequencer.id)?.key,
    peers: urls.operators.slice(1),
    // The demo may rest for as long as it likes: a clock that lies costs it nothing but a `--reset`.
    maxClockLeapSeconds: Number.POSITIVE_INFINITY,
  });
  opening.add(() => opened.close());
  const ledger = meter.watch(opened);
  const following: FollowedLedger[] = [];
  return {
    ledger,
    policyText: await publishPolicy(options.dataDir, policy),
    isExecutor: ({ roles }) => roles.includes('operator'),
    async openFor(operator) {
      if (operator.id === sequencer.id) return { ledger, meter };
      const own = await follow(world, operator, {
        policy,
        signer,
        witnesses,
        genesis: genesis.map(({ id }) => id),
      });
      following.push(own.ledger);
      opening.add(own.close);
      await own.ledger.reached(ledger.head().size, AbortSignal.timeout(CATCH_UP_MILLISECONDS));
      return { ledger: own.meter.watch(own.ledger), meter: own.meter, alarms: own.ledger.alarms };
    },
    async settle() {
      await opened.collect();
    },
    async stopFollowing() {
      for (const one of following.splice(0)) await one.close();
    },
    close: opening.close,
  };
}

interface Followed {
  readonly policy: Policy;
  /** Of the log; only its public key is used. */
  readonly signer: Pick<Signer, 'publicKey'>;
  readonly witnesses: readonly DemoWitness[];
  readonly genesis: readonly Bytes[];
}

async function follow(
  world: World,
  { id, party }: Provisioned,
  { policy, signer, witnesses, genesis }: Followed,
) {
  const { options, urls } = world;
  const store = await openLmdbStore({ path: join(options.dataDir, id, DEMO_LEDGER.folder) });
  const own = urls.operators[world.operators.findIndex((operator) => operator.id === id)];
  const meter = createLedgerMeter();
  const ledger = await openFollowedLedger({
    ...{ ...LEDGER_RULES, policy, genesis, store, meter, heartbeat: HEARTBEAT },
    ...{ clock: world.clock, logger: world.logger },
    fetch: fetchAsParty({ fetch: options.fetch ?? fetch, party, clock: world.clock, logger: world.logger }),
    network: world.network,
    origin: demoOrigin(world.network),
    checkpointKey: signer.publicKey,
    witness: witnesses.find((one) => one.id === id)?.key,
    url: urls.operators[0] as string,
    peers: urls.operators.slice(1).filter((url) => url !== own),
  });
  return { ledger, meter, close: () => store.close() };
}
