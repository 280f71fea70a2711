import type { Command } from '../command.ts';
import { DATA, NODE } from './options.ts';

/** Who acts, where. */
export const CALL = {
  ...DATA,
  ...NODE,
  as: { type: 'string', help: 'party of the data folder that acts' },
  channel: { type: 'string', help: 'channel (default main)' },
} as const;

/** On whose behalf. */
const FOR = {
  for: { type: 'string', help: 'DID of the organisation that made this party its agent' },
} as const;

const AT = { at: { type: 'string', help: 'as it was then, such as 2026-11-22T08:00:00Z' } } as const;

export const contractRun: Command = {
  name: 'contract',
  summary:
    'Run a command of a scenario’s module, such as roaming.party@1.0.0 publish, at the party’s own node',
  positionals: ['MODULE', 'COMMAND', '[ID]'],
  options: {
    ...CALL,
    in: { type: 'string', help: 'JSON file with the parameters, - for standard input (default: none)' },
    head: { type: 'string', help: 'last line of the object that is meant; refused where it has another' },
  },
  load: () => import('../contract/run-contract.ts'),
};

export const contractShow: Command = {
  name: 'contract show',
  summary: 'Show an object of a module as a node has it',
  positionals: ['MODULE', 'ID'],
  options: { ...CALL, ...FOR, ...AT },
  load: () => import('../contract/show-object.ts'),
};

export const contractQuery: Command = {
  name: 'contract query',
  summary: 'Ask a query of a module; lists by repeating an argument, objects as JSON',
  positionals: ['MODULE', 'QUERY', '[NAME=VALUE...]'],
  options: { ...CALL, ...FOR, ...AT },
  load: () => import('../contract/query-objects.ts'),
};

export const contractHistory: Command = {
  name: 'contract history',
  summary: 'Show the lines of an object, oldest first',
  positionals: ['MODULE', 'ID'],
  options: { ...CALL, ...FOR },
  load: () => import('../contract/show-history.ts'),
};

export const contractItem: Command = {
  name: 'contract item',
  summary: 'Show one item of a batch, and check it against the line on the ledger',
  positionals: ['MODULE', 'LINE', 'NUMBER'],
  options: { ...CALL, ...FOR },
  load: () => import('../contract/prove-item.ts'),
};

export const contractErase: Command = {
  name: 'contract erase',
  summary: 'Erase the payload of a line at the party’s own node, for ever',
  positionals: ['MODULE', 'LINE'],
  options: CALL,
  load: () => import('../contract/erase-payload.ts'),
};

const OWN = { ...DATA, ...NODE, as: CALL.as } as const;

export const contractDisputes: Command = {
  name: 'contract disputes',
  summary: 'List the lines that the party’s own node does not agree with, and why',
  options: OWN,
  load: () => import('../contract/list-disputes.ts'),
};

export const contractAccept: Command = {
  name: 'contract accept',
  summary: 'Let a disputed line stand: the party’s states follow it',
  positionals: ['LINE'],
  options: OWN,
  load: () => import('../contract/accept-line.ts'),
};

export const contractDeliveries: Command = {
  name: 'contract deliveries',
  summary: 'List what has not reached other parties yet, and why',
  options: OWN,
  load: () => import('../contract/list-deliveries.ts'),
};

export const contractVerify: Command = {
  name: 'contract verify',
  summary: 'Compare all payloads and states that the party’s own node keeps with the ledger',
  options: CALL,
  load: () => import('../contract/verify-kept.ts'),
};
