import type { Command } from '../command.ts';
import { fail } from '../errors.ts';
import { callNode, NODE_HELP, NODE_OPTION, nodeOf } from '../node-api.ts';

const KINDS = ['members', 'issuers', 'bridges', 'apps'];

export const registryList: Command = {
  name: 'registry list',
  summary: 'List members, issuers, bridges or apps that the ledger knows',
  positionals: ['KIND'],
  options: NODE_OPTION,
  help: NODE_HELP,
  run: async ({ values, positionals }) => {
    const kind = positionals[0] as string;
    if (!KINDS.includes(kind)) throw fail('option_invalid', { field: `KIND (one of ${KINDS.join(', ')})` });
    const data = await callNode(`${nodeOf(values)}/v1/registry/${kind}`);
    return { data, text: JSON.stringify(data, null, 2) };
  },
};
