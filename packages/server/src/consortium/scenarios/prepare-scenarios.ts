import { isAppError } from '@attestel/core';
import type { Ledger } from '@attestel/ledger';
import { DEMO_PLATFORM } from '../parties.ts';
import type { Provisioned } from '../provision.ts';
import type { World } from '../world.ts';
import { ensureChannels } from './ensure-channels.ts';
import { SCENARIO_NODES } from './participants.ts';
import { seedData } from './seed-data.ts';
import { seedDevice } from './seed-device.ts';
import { seedRoaming } from './seed-roaming.ts';
import { createSeeding, type SeedingOptions } from './seeding.ts';

export type ScenarioState = 'preparing' | 'ready' | 'failed';

/** The scenarios' first objects, on their way. */
export interface Preparing {
  readonly state: () => ScenarioState;
  /** Link of the tag of a device, to the page of who inspects it; undefined until it has one. */
  readonly tagLink: () => string | undefined;
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
  /** Origin of the node of a party, and the host that runs its contracts. */
  { nodeOf, hostOf }: { nodeOf: (id: string) => string; hostOf: SeedingOptions['hostOf'] },
  parties: readonly Provisioned[],
): Preparing {
  const stopped = new AbortController();
  let state: ScenarioState = 'preparing';
  let tagLink: string | undefined;
  const who = (id: string): Provisioned => parties.find((party) => party.id === id) as Provisioned;
  const prepare = async (): Promise<void> => {
    await ensureChannels(world, ledger, who);
    const { signal } = stopped;
    const { random, logger } = world;
    const keeper = who(DEMO_PLATFORM.id);
    const seeding = createSeeding({ who, hostOf, keeper, random, logger, signal });
    const ids = world.operators.map(({ id }) => id);
    const [tagged] = await seedDevice(seeding, world.clock);
    tagLink = tagged && `${nodeOf(tagged.unit)}/inspect#${tagged.tag}`;
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
    tagLink: () => tagLink,
    nodes: SCENARIO_NODES.map((id) => ({ id, url: nodeOf(id) })),
    done,
    stop() {
      stopped.abort();
      return done;
    },
  };
}
