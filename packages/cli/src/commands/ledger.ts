import type { Command } from '../command.ts';
import { DATA, NODE } from './options.ts';

export const ledgerVerify: Command = {
  name: 'ledger verify',
  summary: 'Replay the ledger from its first entry and name the first bad one',
  options: {
    ...DATA,
    in: { type: 'string', help: 'file made by ledger export; without it, the data folder’s own ledger' },
    key: {
      type: 'string',
      help: 'C2SP verifier key of the checkpoints, ORIGIN+ID+KEY (default: the data folder’s)',
    },
    genesis: {
      type: 'string',
      help: 'genesis.cbor that the ledger must begin with (default: the data folder’s, unless --key is given)',
    },
  },
  load: () => import('../ledger/verify-ledger.ts'),
};

export const ledgerExport: Command = {
  name: 'ledger export',
  summary: 'Write all entries of the ledger to a file, one JSON document a line',
  options: {
    ...DATA,
    node: { type: 'string', help: 'fetch it from this node instead of reading the data folder' },
    out: { type: 'string', help: 'file to write (default ledger.jsonl)' },
  },
  load: () => import('../ledger/export-ledger.ts'),
};

export const ledgerCheckpoint: Command = {
  name: 'ledger checkpoint',
  summary: 'Print the signed checkpoint of a node',
  options: NODE,
  load: () => import('../ledger/read-checkpoint.ts'),
};
