import { actorKeys, didModule } from '@attestel/did';
import type { RulesOptions } from '@attestel/ledger';
import { createRegistryModules, namespaceRule, registryVersionAt } from '@attestel/registry';

/** Rules of every ledger of this software: whoever executes, follows or verifies one runs these and no others. */
export const LEDGER_RULES = {
  modules: [didModule, ...createRegistryModules()],
  versionAt: registryVersionAt,
  actorKeys,
  namespaceRule,
} as const satisfies Omit<RulesOptions, 'network'>;
