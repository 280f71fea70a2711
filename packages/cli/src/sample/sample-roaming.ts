import { type RoamingSample, sampleRoaming } from '@attestel/scenarios';
import { ROAMING_OPERATORS } from '@attestel/server/data-folder';
import type { CommandInput, Run } from '../command.ts';
import { didOfParty } from '../did/did-of.ts';
import { fail } from '../errors.ts';
import { textOr } from '../option-values.ts';
import { giveSample, jsonFile, SAMPLE_SEED } from './give-sample.ts';

const MONTH = /^2\d{3}(0[1-9]|1[0-2])$/;

export const run: Run = async ({ values }) => {
  const from = textOr(values, 'from', '202601');
  if (!MONTH.test(from)) throw fail('option_invalid', { field: '--from (such as 202601)' });
  const chosen = values.demo === true ? await operatorsOfDemo(values) : {};
  const sample = sampleRoaming({ seed: textOr(values, 'seed', SAMPLE_SEED), from, ...chosen });
  return giveSample(values, sample, filesOf(sample, from));
};

/** @throws AppError data_missing */
async function operatorsOfDemo(values: CommandInput['values']) {
  const dids = await Promise.all(ROAMING_OPERATORS.map(({ id }) => didOfParty(values, id)));
  return { operators: ROAMING_OPERATORS, dids };
}

/** Each file is what a command of the contract call takes, or XML as partners send it. */
function filesOf({ operators, tariffs, usage, tap }: RoamingSample, from: string): Map<string, string> {
  const codes = new Map(operators.map(({ did, tadig }) => [did, tadig]));
  const codeOf = (did: string): string => codes.get(did) ?? did;
  const validFrom = `${from.slice(0, 4)}-${from.slice(4)}-01T00:00:00Z`;
  return new Map([
    ...operators.flatMap(({ tadig, party, ir21 }) => [
      [`${tadig}/party.json`, jsonFile({ body: party })] as const,
      ...ir21.map((xml, i) => [`${tadig}/ir21-${i + 1}.xml`, xml] as const),
    ]),
    ...tariffs.map(({ parties, terms }) => {
      // Of DIDs nobody knows which comes first; of operators everybody does.
      const [first, second] = operators.filter(({ did }) => parties.includes(did));
      const name = `${first?.tadig}/tariff-${second?.tadig}.json`;
      return [name, jsonFile({ parties: [second?.did], terms, validFrom })] as const;
    }),
    ...usage.map(({ owner, partner, items }) => {
      const name = `${codeOf(owner)}/usage-${codeOf(partner)}.json`;
      return [name, jsonFile({ head: { partner }, items, to: [partner] })] as const;
    }),
    ...tap.flatMap(({ sender, recipient, files }) =>
      files.map((file, i) => {
        const to = i === 0 ? { to: [recipient] } : {};
        return [
          `${codeOf(sender)}/tap-${codeOf(recipient)}-${i + 1}.json`,
          jsonFile({ ...file, ...to }),
        ] as const;
      }),
    ),
  ]);
}
