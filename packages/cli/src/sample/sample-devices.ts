import { sampleDevices } from '@attestel/scenarios';
import type { Run } from '../command.ts';
import { textOr } from '../option-values.ts';
import { giveSample, jsonFile, SAMPLE_SEED } from './give-sample.ts';

export const run: Run = async ({ values }) => {
  const sample = sampleDevices({ seed: textOr(values, 'seed', SAMPLE_SEED) });
  const files = Object.entries(sample).map(([name, list]) => [`${name}.json`, jsonFile(list)] as const);
  return giveSample(values, sample, new Map(files));
};
