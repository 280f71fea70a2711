import type { Run } from '../command.ts';
import { dataNode } from '../data/data-node.ts';

export const run: Run = async ({ values, positionals }) => {
  const [line] = positionals as [string];
  const node = await dataNode(values);
  const data = await node.post(['disputes', line, 'accept'], {});
  return { data, text: `accepted  ${line}` };
};
