import type { Command } from '../command.ts';
import { DATA, NODE } from './options.ts';

const CALL = {
  ...DATA,
  ...NODE,
  as: { type: 'string', help: 'party of the data folder that acts' },
  channel: { type: 'string', help: 'channel (default main)' },
} as const;

export const contractRun: Command = {
  name: 'contract',
  summary:
    'Run a command of a scenario’s module, such as roaming.party@1.0.0 publish, at the party’s own node',
  positionals: ['MODULE', 'COMMAND', '[ID]'],
  options: {
    ...CALL,
    in: { type: 'string', help: 'JSON file with the parameters (default: none)' },
    head: { type: 'string', help: 'last line of the object that is meant; refused where it has another' },
  },
  load: () => import('../contract/run-contract.ts'),
};

export const contractShow: Command = {
  name: 'contract show',
  summary: 'Show an object of a module as a node has it',
  positionals: ['MODULE', 'ID'],
  options: { ...CALL, at: { type: 'string', help: 'as it was then, such as 2026-11-22T08:00:00Z' } },
  load: () => import('../contract/show-object.ts'),
};
