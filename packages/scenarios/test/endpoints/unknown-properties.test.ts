import { describe, expect, test } from 'vitest';
import { credentialModule } from '../../src/host/credentials/credential-module.ts';
import type { Module } from '../../src/module/module.ts';
import { validatorOf } from '../../src/module/schemas.ts';
import { intruded, sampleOf } from '../harness/sample-of-schema.ts';
import { toyModule } from '../host/toy-module.ts';
import * as samples from '../kinds/samples.ts';

const isModule = (value: unknown): value is Module =>
  typeof value === 'object' && value !== null && 'evolve' in value;
const modules = [toyModule(), credentialModule([]), ...Object.values(samples)].filter(isModule);

const commands = modules.flatMap((module) =>
  Object.entries(module.commands).map(([command, { schema }]) => ({
    name: `${module.name} ${command}`,
    schema,
  })),
);

// The host checks data by the command's schema before anything else; the endpoint's own test shows the answer.
describe('a property too many is refused where it is, at every depth [C4]', () => {
  test.each(commands)('$name', ({ schema }) => {
    const validate = validatorOf(schema);
    const sample = sampleOf(schema);
    validate(sample);
    for (const { pointer, value } of intruded(sample)) {
      // Claims of a credential follow the schema of their type, not of the command.
      if (pointer === '/claims/intruder') continue;
      let refused: unknown;
      try {
        validate(value);
      } catch (error) {
        refused = error;
      }
      expect(refused).toMatchObject({ code: 'invalid_argument', field: pointer });
    }
  });

  test('over all seven kinds', () => {
    expect(modules.length).toBeGreaterThan(8);
  });
});
