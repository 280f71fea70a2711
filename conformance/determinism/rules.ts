import { AppError, type CborValue } from '@attestel/core';
import { actorKeys, didModule } from '@attestel/did';
import { createRegistryModules, type Decider, namespaceRule, registryVersionAt } from '@attestel/registry';

const refused = (code: string): AppError =>
  new AppError(code, { kind: 'conflict', message: 'the meter refuses this' });

/** A shared module: meters that only go up, and a pair of which moves units from one to the other. */
export const meter: Decider = {
  declaration: {
    name: 'test.meter',
    version: '1',
    execution: ['shared'],
    schemas: { count: { units: 'integer' }, move: { units: 'integer' } },
    succeeds: [],
  },
  decide({ states, command }) {
    const { do: what, units } = command;
    if (!Number.isSafeInteger(units) || (units as number) <= 0) throw refused('units_malformed');
    const amount = units as number;
    if (what === 'count') return [{ object: 0, type: 'counted', data: { units: amount } }];
    if (what !== 'move' || states.length !== 2) throw refused('command_malformed');
    if (unitsOf(states[0]) < amount) throw refused('too_few_units');
    return [
      { object: 0, type: 'counted', data: { units: -amount } },
      { object: 1, type: 'counted', data: { units: amount } },
    ];
  },
  evolve: (state, { data, time, actor }): CborValue => ({
    units: unitsOf(state) + (data.units as number),
    time,
    actor,
  }),
};

const unitsOf = (state: CborValue | undefined): number =>
  ((state as { units?: number } | undefined)?.units as number | undefined) ?? 0;

export const NETWORK = 'determinism';
export const ORIGIN = 'ledger.example/determinism';

export const rules = {
  network: NETWORK,
  modules: [didModule, ...createRegistryModules([meter])],
  versionAt: registryVersionAt,
  actorKeys,
  namespaceRule,
};
