import type { ConsoleModule } from '../../server/console-routes.ts';

/** Prefixes of module names, in the order in which the console shows them. */
export const SCENARIOS = ['device', 'roaming', 'data', 'host'] as const;
export type Scenario = (typeof SCENARIOS)[number];

/** Scenarios with a board. */
export const BOARDS = ['device', 'roaming', 'data'] as const satisfies readonly Scenario[];
export type Board = (typeof BOARDS)[number];

export const scenarioOf = ({ name }: Pick<ConsoleModule, 'name'>): string => name.split('.')[0] ?? '';

/** The newest module of a name; undefined where this node does not run it. */
export const moduleNamed = (modules: readonly ConsoleModule[], name: string): ConsoleModule | undefined =>
  modules.findLast((module) => module.name === name);

/** Modules by scenario; scenarios that the console does not know stand last. */
export function byScenario(
  modules: readonly ConsoleModule[],
): readonly (readonly [scenario: string, modules: readonly ConsoleModule[]])[] {
  const known: readonly string[] = SCENARIOS;
  const names = [...new Set([...known, ...modules.map(scenarioOf)])];
  return names.flatMap((name) => {
    const of = modules.filter((module) => scenarioOf(module) === name);
    return of.length === 0 ? [] : [[name, of] as const];
  });
}
