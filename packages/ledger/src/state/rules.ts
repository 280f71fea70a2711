import type { ActorKeys, LedgerModule } from '../module.ts';
import type { SignatureVerifier } from '../signatures/verify-signature.ts';

/** The one namespace a ledger without channels keeps. */
export const MAIN_NAMESPACE = 'main';

/** Everything besides the log that decides what a log means. */
export interface Rules {
  readonly network: string;
  readonly modules: ReadonlyMap<string, LedgerModule>;
  readonly actorKeys: ActorKeys;
  readonly verifier: SignatureVerifier;
}

/** What a caller configures; see {@link Rules}. */
export interface RulesOptions {
  readonly network: string;
  readonly modules: readonly LedgerModule[];
  readonly actorKeys: ActorKeys;
}

/** The host's own part of the state; no module may have this name. */
export const HOST_MODULE = 'host';

const MODULE_NAME = /^[a-z0-9][a-z0-9-]{0,31}$/;

/** @throws TypeError when two modules have one name, or a name that operations cannot carry */
export function createRules(options: RulesOptions, verifier: SignatureVerifier): Rules {
  const modules = new Map<string, LedgerModule>();
  for (const module of options.modules) {
    if (!MODULE_NAME.test(module.name) || module.name === HOST_MODULE || modules.has(module.name)) {
      throw new TypeError(`ledger: module name ${module.name} is malformed, reserved or taken`);
    }
    modules.set(module.name, module);
  }
  return { network: options.network, modules, actorKeys: options.actorKeys, verifier };
}
