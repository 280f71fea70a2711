import { actorKeys, didModule } from '@attestel/did';
import type { LedgerModule, RulesOptions } from '@attestel/ledger';
import { pkiModule } from '@attestel/pki';
import { createRegistryModules, namespaceRule, registryVersionAt } from '@attestel/registry';

const FIRST: readonly LedgerModule[] = [didModule, ...createRegistryModules()];

/**
 * Modules by version of the state machine. A new module is a new version: nodes of the one before refuse its
 * operations, so that all must begin at the block that the members decided on (`upgrade` of the registry).
 */
const VERSIONS: ReadonlyMap<number, readonly LedgerModule[]> = new Map([
  [1, FIRST],
  [2, [...FIRST, pkiModule]],
]);

/** Version that new ledgers run from their second block on. */
export const NEWEST_VERSION = 2;

/** Rules of every ledger of this software: whoever executes, follows or verifies one runs these and no others. */
export const LEDGER_RULES = {
  modules: VERSIONS,
  versionAt: registryVersionAt,
  actorKeys,
  namespaceRule,
} as const satisfies Omit<RulesOptions, 'network'>;
