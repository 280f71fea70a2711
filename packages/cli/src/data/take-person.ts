import type { Run } from '../command.ts';
import { dataNode } from './data-node.ts';

/** `name` or `erase` of a person in a channel, at the party's own node. */
export const personRun =
  (what: 'name' | 'erase'): Run =>
  async ({ values, positionals }) => {
    const [named = ''] = positionals;
    const node = await dataNode(values);
    const body = { channel: node.channel, ...(what === 'name' ? { person: named } : { subject: named }) };
    const data = await node.post(['persons', what], body);
    return { data, text: JSON.stringify(data, null, 2) };
  };
