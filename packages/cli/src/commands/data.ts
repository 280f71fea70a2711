import type { Command } from '../command.ts';
import { DATA, NODE } from './options.ts';

const CALL = {
  ...DATA,
  ...NODE,
  as: { type: 'string', help: 'party of the data folder that acts' },
  channel: { type: 'string', help: 'channel (default main)' },
} as const;

export const dataTrace: Command = {
  name: 'data trace',
  summary: 'Show the whole way of a block of data, proved by the ledger at the party’s own node',
  positionals: ['ID'],
  options: {
    ...CALL,
    from: { type: 'string', help: 'origin of the node that shows it (default: the party’s own)' },
    in: { type: 'string', help: 'instead: file with the evidence, as --out writes it' },
    out: { type: 'string', help: 'file for the evidence, which proves it to any party' },
  },
  load: () => import('../data/trace-block.ts'),
};

export const dataAudit: Command = {
  name: 'data audit',
  summary: 'Name the records of a module, such as data.provision@1, that ledger or rules do not bear out',
  positionals: ['MODULE'],
  options: CALL,
  load: () => import('../data/audit-records.ts'),
};

export const dataLookup: Command = {
  name: 'data lookup',
  summary: 'Ask all members of all own channels about a person; name who lies',
  positionals: ['PERSON'],
  options: CALL,
  load: () => import('../data/lookup-person.ts'),
};

export const dataName: Command = {
  name: 'data name',
  summary: 'Name of a person in a channel, from the 32 hex digits by which the party itself knows them',
  positionals: ['PERSON'],
  options: CALL,
  load: () => import('../data/name-person.ts'),
};

export const dataExport: Command = {
  name: 'data export',
  summary: 'Everything that the party’s own node keeps of a person in a channel',
  positionals: ['SUBJECT'],
  options: CALL,
  load: () => import('../data/export-person.ts'),
};

export const dataErase: Command = {
  name: 'data erase',
  summary: 'Erase all that the party’s own node keeps of a person in a channel, for ever',
  positionals: ['SUBJECT'],
  options: CALL,
  load: () => import('../data/erase-person.ts'),
};
