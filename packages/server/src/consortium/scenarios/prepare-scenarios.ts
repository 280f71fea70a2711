import { isAppError } from '@attestel/core';
import type { Ledger } from '@attestel/ledger';
import { DEMO_PLATFORM } from '../parties.ts';
import type { Provisioned } from '../provision.ts';
import type { World } from '../world.ts';
import { createContractCaller } from './call-contract.ts';
import { ensureChannels } from './ensure-channels.ts';
import { SCENARIO_NODES } from './participants.ts';
import { seedData } from './seed-data.ts';
import { seedDevice } from './seed-device.ts';
import { seedRoaming } from './seed-roaming.ts';
import { createSeeding } from './seeding.ts';

export type ScenarioState = 'preparing' | 'ready' | 'failed';

/** The scenarios' first objects, on their way. */
export interface Preparing {
  readonly state: () => ScenarioState;
  /** Of those who run nothing else. */
  readonly nodes: readonly { readonly id: string; readonly url: string }[];
  /** Never rejects: `state` says what came of it. */
  readonly done: Promise<void>;
  /** Ends after the command that is being run; the next start goes on. */
  stop(): Promise<void>;
}

/** Opens channels, gives credentials, runs first commands: beside a demo that is up already. */
export function prepareScenarios(
  world: World,
  ledger: Ledger,
  /** Origin of the node of a party. */
  nodeOf: (id: string) => string,
  parties: readonly Provisioned[],
): Preparing {
  const stopped = new AbortController();
  let state: ScenarioState = 'preparing';
  const who = (id: string): Provisioned => parties.find((party) => party.id === id) as Provisioned;
  const prepare = async (): Promise<void> => {
    await ensureChannels(world, ledger, who);
    const { signal } = stopped;
    const keeper = who(DEMO_PLATFORM.id);
    const seeding = createSeeding({ who, nodeOf, caller: createContractCaller(world), keeper, signal });
    const ids = world.operators.map(({ id }) => id);
    await seedDevice(seeding);
    await seedRoaming(seeding, ids, world.clock);
    await seedData(seeding, world.clock);
  };
  const done = prepare().then(
    () => {
      state = 'ready';
    },
    (error: unknown) => {
      if (stopped.signal.aborted) return;
      state = 'failed';
      world.logger.error('scenarios_not_prepared', { cause: isAppError(error) ? error.code : 'failed' });
    },
  );
  return {
    state: () => state,
    nodes: SCENARIO_NODES.map((id) => ({ id, url: nodeOf(id) })),
    done,
    stop() {
      stopped.abort();
      return done;
    },
  };
}
