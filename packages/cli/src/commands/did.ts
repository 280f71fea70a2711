import type { Command } from '../command.ts';
import { NODE } from './options.ts';

export const didResolve: Command = {
  name: 'did resolve',
  summary: 'Resolve a did:mno and print its document',
  positionals: ['DID'],
  options: NODE,
  load: () => import('../did/resolve-did.ts'),
};
