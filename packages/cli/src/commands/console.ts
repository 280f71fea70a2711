import type { Command } from '../command.ts';
import { DATA, NODE } from './options.ts';

export const consoleLink: Command = {
  name: 'console',
  summary: 'Print a link that signs somebody in to the console of the party’s own node, once',
  options: { ...DATA, ...NODE, as: { type: 'string', help: 'party of the data folder that signs in' } },
  load: () => import('../console/sign-in.ts'),
};
