import type { Audit } from '@attestel/scenarios';
import type { Run } from '../command.ts';
import { dataNode } from './data-node.ts';

const EXIT_PROOF = 6;

/** Exit code 6 where anything is found. */
export const run: Run = async ({ values, positionals }) => {
  const [module = ''] = positionals;
  const node = await dataNode(values);
  const audit = (await node.get(['audits', module, node.channel])) as Audit;
  const { objects, erased, findings } = audit;
  const found = findings.map(({ id, line, why }) => `${why}  ${id ?? '-'}  ${line ?? '-'}`);
  const text = [
    `${objects} objects, ${erased} of them with erased payloads, ${findings.length} at fault`,
    ...found,
  ];
  return { data: audit, text: text.join('\n'), ...(findings.length > 0 ? { exitCode: EXIT_PROOF } : {}) };
};
