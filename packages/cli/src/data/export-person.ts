import { joinExports, type PersonExport } from '@attestel/scenarios';
import type { Run } from '../command.ts';
import { dataNode } from './data-node.ts';

/** One document of all parts. Exit code 1 where something is left out of it. */
export const run: Run = async ({ values, positionals }) => {
  const [subject = ''] = positionals;
  const node = await dataNode(values);
  const part = async (after: PersonExport['next']): Promise<PersonExport> => {
    const body = { channel: node.channel, subject, ...(after && { after }) };
    return (await node.post(['persons', 'export'], body)) as PersonExport;
  };
  const parts: [PersonExport, ...PersonExport[]] = [await part(null)];
  for (let { next } = parts[0]; next; ) {
    const more = await part(next);
    parts.push(more);
    ({ next } = more);
  }
  const data = joinExports(parts);
  return { data, text: JSON.stringify(data, null, 2), exitCode: data.left.length > 0 ? 1 : 0 };
};
