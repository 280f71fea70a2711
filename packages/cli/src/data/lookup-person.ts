import type { Lookup } from '@attestel/scenarios';
import type { Run } from '../command.ts';
import { dataNode } from './data-node.ts';

const EXIT_PROOF = 6;

/** One answer from all channels of the party. Exit code 6 where a source lied: the answer is that of the others. */
export const run: Run = async ({ values, positionals }) => {
  const [person = ''] = positionals;
  const node = await dataNode(values);
  const lookup = (await node.post(['lookups'], { person })) as Lookup;
  const { entries, sources } = lookup;
  const text = [
    ...entries.map(
      ({ channel, module, id, gaps }) => `${channel}  ${module}  ${id}${gaps > 0 ? '  gaps' : ''}`,
    ),
    ...sources.flatMap(({ channel, party, outcome, left, why = '' }) => [
      `${outcome}  ${channel}  ${party}  ${why}`.trimEnd(),
      ...left.map((one) => `left out  ${channel}  ${party}  ${one.module}  ${one.id ?? '-'}  ${one.why}`),
    ]),
  ].join('\n');
  const lied = sources.some(({ outcome }) => outcome === 'forged');
  return { data: lookup, text, ...(lied ? { exitCode: EXIT_PROOF } : {}) };
};
