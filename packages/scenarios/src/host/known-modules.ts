import { fail } from '../errors.ts';
import { digestOfModule } from '../module/declaration.ts';
import type { Module } from '../module/module.ts';

export interface KnownModule {
  /** Hex. */
  readonly digest: string;
  readonly module: Module;
}

/** Modules that a host runs. */
export interface KnownModules {
  readonly all: readonly KnownModule[];
  /** By digest or `name@version`. @throws AppError module_unknown */
  find(name: string): KnownModule;
  /** The newest of that name, in the order in which they were given. @throws AppError module_unknown */
  named(name: string): KnownModule;
}

/** @throws TypeError where two have one name and version */
export function createKnownModules(modules: readonly Module[]): KnownModules {
  const all = modules.map((module): KnownModule => ({ digest: digestOfModule(module), module }));
  const byName = new Map<string, KnownModule>();
  const newest = new Map<string, KnownModule>();
  for (const known of all) {
    const { name, version } = known.module;
    if (byName.has(`${name}@${version}`)) throw new TypeError(`host: two modules ${name}@${version}`);
    byName.set(`${name}@${version}`, known);
    byName.set(known.digest, known);
    newest.set(name, known);
  }
  const found = (known: KnownModule | undefined): KnownModule => {
    if (!known) throw fail('module_unknown');
    return known;
  };
  return {
    all,
    find: (name) => found(byName.get(name)),
    named: (name) => found(newest.get(name)),
  };
}
