import { describe, expect, it } from 'vitest';
import { ERASED, type Module, type Recorded } from '../../src/module/module.ts';
import { validatorOf } from '../../src/module/schemas.ts';
import { ROAMING_MODULES } from '../../src/roaming/index.ts';
import { agreeTariff, CN, JP, startPlay, usageRow } from './roaming-play.ts';

const MODULES = ROAMING_MODULES as unknown as readonly Module[];

const stub = (type: string, data: object): Recorded => ({
  type,
  object: 'a'.repeat(32),
  data: data as Recorded['data'],
  parties: [],
  party: JP,
  actor: JP,
  time: 1_800_000_000,
});

describe('modules of roaming', () => {
  it.each(MODULES.map((module) => [module.name, module] as const))(
    '%s folds an erased beginning',
    (_, module) => {
      const state = module.evolve(undefined, stub(ERASED, {}));
      const reader = startPlay().reader(JP);
      expect(module.visible(state, reader)).toBe(true);
      expect(module.movers(state)).toContain(JP);
    },
  );

  it('an erased tariff and an erased batch leave what hangs on them readable', () => {
    const play = startPlay();
    const tariff = agreeTariff(play);
    const { id } = play.run({
      module: 'roaming.usage',
      command: 'submit',
      as: CN,
      data: { head: { partner: JP }, items: [usageRow('1')], to: [JP] } as never,
    });
    play.erase('roaming.iot', tariff, 0);
    play.erase('roaming.usage', id, 0);
    expect(play.query('roaming.iot', 'inForce', { as: CN, args: { at: '2026-06-01T00:00:00Z' } })).toEqual(
      [],
    );
    expect(play.query('roaming.usage', 'compare', { as: CN, args: { own: id, partner: id } })).toMatchObject({
      compared: 0,
    });
  });

  it.each(MODULES.map((module) => [module.name, module] as const))(
    '%s: every command and event refuses an unknown property',
    (_, { commands, events }) => {
      const schemas = [...Object.values(commands).map(({ schema }) => schema), ...Object.values(events)];
      for (const schema of schemas) {
        const refused = expect.objectContaining({ kind: 'bad-input' });
        expect(() => validatorOf(schema)({ unheardOf: 1 })).toThrow(refused);
        expect(isClosed(schema)).toBe(true);
      }
    },
  );
});

/** Whether every object below says what else it may have. */
function isClosed(schema: unknown): boolean {
  if (Array.isArray(schema)) return schema.every(isClosed);
  if (typeof schema !== 'object' || schema === null) return true;
  const isOpen = 'properties' in schema && !('additionalProperties' in schema);
  return !isOpen && Object.values(schema).every(isClosed);
}
