import type { Run } from '../command.ts';
import { textOr } from '../option-values.ts';
import { contractCaller } from './contract-call.ts';
import { readParameters } from './read-parameters.ts';

interface Answer {
  readonly id: string;
  readonly line: string;
  readonly index: number;
}

/** The contract call of the paper: module, channel, command, parameters. */
export const run: Run = async ({ values, positionals }) => {
  const [module = '', command = '', id] = positionals;
  const body = await readParameters(textOr(values, 'in', undefined));
  const { call } = await contractCaller(values);
  const query = new URLSearchParams(
    Object.entries({ id, head: textOr(values, 'head', undefined) }).filter(isGiven),
  );
  const done = (await call(module, [command], { method: 'POST', query, body })) as Answer;
  return {
    data: done,
    text: [`object  ${done.id}`, `line    ${done.line}`, `index   ${done.index}`].join('\n'),
    next: `attestel contract show ${module} ${done.id} --as …: the object as this party has it`,
  };
};

const isGiven = (entry: [string, string | undefined]): entry is [string, string] => entry[1] !== undefined;
