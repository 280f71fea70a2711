import { actorKeys, didModule } from '@attestel/did';
import type { LedgerModule, RulesOptions } from '@attestel/ledger';
import { pkiModule } from '@attestel/pki';
import { createRegistryModules, namespaceRule, registryVersionAt } from '@attestel/registry';
import { createModuleDecider, SCENARIO_MODULES } from '@attestel/scenarios';

const FIRST: readonly LedgerModule[] = [didModule, ...createRegistryModules()];

/** Modules of scenarios that a channel may choose to have executed by every node. */
const SHARED = SCENARIO_MODULES.filter(({ execution }) => execution.includes('shared'));
const DECIDERS = SHARED.map((module) => createModuleDecider(module));

/**
 * Modules by version of the state machine. A new module is a new version: nodes of the one before refuse its
 * operations, so that all must begin at the block that the members decided on (`upgrade` of the registry). So is a
 * changed one: whoever changes a scenario's module that nodes execute adds it beside the old one, under a new version.
 */
const VERSIONS: ReadonlyMap<number, readonly LedgerModule[]> = new Map([
  [1, FIRST],
  [2, [...FIRST, pkiModule]],
  [3, [didModule, ...createRegistryModules(DECIDERS), pkiModule]],
]);

/** Version that new ledgers run from their second block on. */
export const NEWEST_VERSION = 3;

/** Rules of every ledger of this software: whoever executes, follows or verifies one runs these and no others. */
export const LEDGER_RULES = {
  modules: VERSIONS,
  versionAt: registryVersionAt,
  actorKeys,
  namespaceRule,
} as const satisfies Omit<RulesOptions, 'network'>;
