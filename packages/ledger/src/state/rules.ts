import type { StoreReader } from '@attestel/core';
import { fail } from '../errors.ts';
import type { ActorKeys, LedgerModule, NamespaceRule, StateReader } from '../module.ts';
import type { Operation } from '../operation.ts';
import type { SignatureVerifier } from '../signatures/verify-signature.ts';
import { type AllLookups, collectLookups } from './lookups.ts';
import { createStateReader } from './module-state.ts';

/** The namespace that every ledger keeps. */
export const MAIN_NAMESPACE = 'main';

/** Version of the rules that a ledger begins with. */
export const FIRST_VERSION = 1;

/** Everything besides the log that decides what a log means, in one version of the state machine. */
export interface Rules {
  readonly network: string;
  /** Version of the state machine. */
  readonly sm: number;
  readonly modules: ReadonlyMap<string, LedgerModule>;
  readonly actorKeys: ActorKeys;
  /** Absent: the ledger keeps `main` only. */
  readonly namespaceRule: NamespaceRule | undefined;
  readonly verifier: SignatureVerifier;
  /** Operations whose signatures are known to verify, so that nobody checks them twice. */
  readonly verified: WeakSet<Operation>;
  /** Operations with a signature that does not verify, and the first such. */
  readonly unverified: WeakMap<Operation, number>;
  /** Operations that passed every check of admission under these rules. */
  readonly admitted: WeakSet<Operation>;
}

/**
 * Version of the state machine that executes the block of a height, as the state before that block says.
 * Answers from state alone, so that every node and every replay switches at the same block.
 */
export type VersionAt = (read: (module: string) => StateReader, height: number) => number;

/** What a caller configures; see {@link Rules}. */
export interface RulesOptions {
  readonly network: string;
  /** Modules of version 1; or those of each version of the state machine, old ones too. */
  readonly modules: readonly LedgerModule[] | ReadonlyMap<number, readonly LedgerModule[]>;
  readonly actorKeys: ActorKeys;
  /** Without one, the ledger keeps the namespace `main` only. */
  readonly namespaceRule?: NamespaceRule | undefined;
  /** Default: always version 1. */
  readonly versionAt?: VersionAt;
}

/** The rules of every version that this program can execute. */
export interface RuleBook {
  readonly network: string;
  readonly verifier: SignatureVerifier;
  readonly verified: WeakSet<Operation>;
  readonly unverified: WeakMap<Operation, number>;
  readonly lookups: AllLookups;
  /** Rules that execute the block of a height on this state. @throws AppError version_missing */
  at(reader: StoreReader, height: number): Rules;
  /** Whether some version has such a module. */
  hasModule(name: string): boolean;
}

/** The host's own part of the state; no module may have this name. */
export const HOST_MODULE = 'host';

export const isModuleName = (text: string): boolean => /^[a-z0-9][a-z0-9-]{0,31}$/.test(text);

/**
 * @throws TypeError when two modules of a version have one name, or a name that operations cannot carry; when versions
 * of a module have different lookups
 */
export function createRuleBook(options: RulesOptions, verifier: SignatureVerifier): RuleBook {
  const { network, actorKeys, namespaceRule, versionAt = () => FIRST_VERSION } = options;
  const verified = new WeakSet<Operation>();
  const unverified = new WeakMap<Operation, number>();
  const versions = new Map(
    [...versionsOf(options.modules)].map(([sm, modules]) => [
      sm,
      {
        network,
        sm,
        modules: byName(modules),
        actorKeys,
        namespaceRule,
        verifier,
        verified,
        unverified,
        admitted: new WeakSet<Operation>(),
      },
    ]),
  );
  return {
    network,
    verifier,
    verified,
    unverified,
    lookups: lookupsOf(options.modules),
    at(reader, height) {
      const sm = versionAt((module) => createStateReader(reader, module), height);
      const rules = versions.get(sm);
      if (!rules) throw fail('version_missing', { extra: { version: sm, height } });
      return rules;
    },
    hasModule: (name) => [...versions.values()].some(({ modules }) => modules.has(name)),
  };
}

const versionsOf = (modules: RulesOptions['modules']): ReadonlyMap<number, readonly LedgerModule[]> =>
  modules instanceof Map ? modules : new Map([[FIRST_VERSION, modules as readonly LedgerModule[]]]);

/** @throws TypeError as {@link createRuleBook} */
export const lookupsOf = (modules: RulesOptions['modules']): AllLookups =>
  collectLookups([...versionsOf(modules).values()].flat());

function byName(list: readonly LedgerModule[]): ReadonlyMap<string, LedgerModule> {
  const modules = new Map<string, LedgerModule>();
  for (const module of list) {
    if (!isModuleName(module.name) || module.name === HOST_MODULE || modules.has(module.name)) {
      throw new TypeError(`ledger: module name ${module.name} is malformed, reserved or taken`);
    }
    modules.set(module.name, module);
  }
  return modules;
}
