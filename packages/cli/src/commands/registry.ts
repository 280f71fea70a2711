import type { Command } from '../command.ts';
import { NODE } from './options.ts';

export const registryList: Command = {
  name: 'registry list',
  summary: 'List members, issuers, bridges or apps that the ledger knows',
  positionals: ['KIND'],
  options: NODE,
  load: () => import('../registry/list-registry.ts'),
};
