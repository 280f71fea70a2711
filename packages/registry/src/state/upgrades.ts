import type { State, StateReader, VersionAt } from '@attestel/ledger';
import { REGISTRY_MODULE } from './collections.ts';

/** From this height on, blocks are executed by this version of the state machine. */
export interface Upgrade {
  readonly sm: number;
  readonly height: number;
}

const UPGRADES = 'upgrades';
const FIRST_VERSION = 1;

/** By height. */
export const readUpgrades = (state: StateReader): readonly Upgrade[] =>
  (state.get(UPGRADES) as readonly Upgrade[] | undefined) ?? [];

export const writeUpgrades = (state: State, upgrades: readonly Upgrade[]): void =>
  state.put(
    UPGRADES,
    upgrades.map(({ sm, height }) => ({ sm, height })),
  );

/** Version of the state machine that members decided on for a height; 1 before any decision. */
export const registryVersionAt: VersionAt = (read, height) =>
  readUpgrades(read(REGISTRY_MODULE)).findLast((upgrade) => upgrade.height <= height)?.sm ?? FIRST_VERSION;
