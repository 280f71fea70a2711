import type { Audit } from '@attestel/scenarios';
import type { Run } from '../command.ts';
import { dataNode } from './data-node.ts';

const EXIT_CODES = { ok: 0, incomplete: 1, faulty: 6 } as const;

/** Exit code 6 where anything is found, 1 where nothing is and not all could be checked. */
export const run: Run = async ({ values, positionals }) => {
  const [module = ''] = positionals;
  const node = await dataNode(values);
  const audit = (await node.get(['audits', module, node.channel])) as Audit;
  const { result, objects, erased, findings, unchecked, more } = audit;
  const lines = [
    `${result}: ${objects} objects, ${erased} of them with erased payloads, ${findings.length} at fault`,
    ...findings.map(({ id, line, why }) => `${why}  ${id ?? '-'}  ${line ?? '-'}`),
    ...unchecked.map(
      ({ id, line, why, lines }) => `not checked: ${why}  ${id ?? '-'}  ${line ?? '-'}  ${lines} lines`,
    ),
    ...(more > 0 ? [`and ${more} more`] : []),
  ];
  return { data: audit, text: lines.join('\n'), exitCode: EXIT_CODES[result] };
};
