import type { Command } from '../command.ts';
import { callNode, NODE_HELP, NODE_OPTION, nodeOf } from '../node-api.ts';

export const didResolve: Command = {
  name: 'did resolve',
  summary: 'Resolve a did:mno and print its document',
  positionals: ['DID'],
  options: NODE_OPTION,
  help: NODE_HELP,
  run: async ({ values, positionals }) => {
    const url = `${nodeOf(values)}/1.0/identifiers/${encodeURIComponent(positionals[0] as string)}`;
    const data = await callNode(url, { accept: 'application/did-resolution' });
    return { data, text: JSON.stringify(data, null, 2) };
  },
};
