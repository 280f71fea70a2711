import { type DataSample, sampleData } from '@attestel/scenarios';
import type { Run } from '../command.ts';
import { didOfParty } from '../did/did-of.ts';
import { textOr } from '../option-values.ts';
import { giveSample, jsonFile, SAMPLE_SEED } from './give-sample.ts';

export const run: Run = async ({ values }) => {
  const parties =
    values.demo === true
      ? { owner: await didOfParty(values, 'zhonglian'), recipient: await didOfParty(values, 'bank') }
      : {};
  const sample = sampleData({ seed: textOr(values, 'seed', SAMPLE_SEED), ...parties });
  return giveSample(values, sample, filesOf(sample));
};

function filesOf({ sets, prices, consents }: DataSample): Map<string, string> {
  return new Map([
    ...sets.flatMap(({ body, data, sample }, i) => [
      [`set-${i + 1}.json`, jsonFile({ body })] as const,
      [`set-${i + 1}.csv`, data] as const,
      [`set-${i + 1}-sample.csv`, sample] as const,
    ]),
    ['prices.json', jsonFile(prices)] as const,
    ...consents.map((scope, i) => [`consent-${i + 1}.json`, jsonFile(scope)] as const),
  ]);
}
