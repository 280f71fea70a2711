import type { Command } from '../command.ts';
import { DATA, NODE } from './options.ts';

const STORE = {
  store: { type: 'string', help: 'ledger folder of any node (default: the data folder’s ledger)' },
} as const;

export const ledgerVerify: Command = {
  name: 'ledger verify',
  summary: 'Replay the ledger from its first entry and name the first bad one',
  options: {
    ...DATA,
    ...STORE,
    in: { type: 'string', help: 'file made by ledger export; without it, a ledger folder' },
    key: {
      type: 'string',
      help: 'C2SP verifier key of the checkpoints, ORIGIN+ID+KEY (default: the data folder’s)',
    },
    policy: { type: 'string', help: 'instead: file that says whose cosignatures make a checkpoint count' },
    genesis: {
      type: 'string',
      help: 'genesis.cbor that the ledger must begin with (default: the data folder’s, unless --key or --policy is given)',
    },
    parent: {
      type: 'string',
      help: 'origin of a node of the parent ledger: compare with all that it anchored of this one',
    },
  },
  load: () => import('../ledger/verify-ledger.ts'),
};

export const ledgerExport: Command = {
  name: 'ledger export',
  summary: 'Write all entries of the ledger to a file, one JSON document a line',
  options: {
    ...DATA,
    ...STORE,
    node: { type: 'string', help: 'fetch it from this node instead of reading a folder' },
    as: {
      type: 'string',
      help: 'with --node: party of the data folder in whose name to ask, for channels that are not public',
    },
    out: { type: 'string', help: 'file to write (default ledger.jsonl)' },
  },
  load: () => import('../ledger/export-ledger.ts'),
};

const TRUST = {
  policy: { type: 'string', help: 'file that says whose cosignatures make a checkpoint count' },
  'max-age': { type: 'string', help: 'with --policy: seconds since a quorum signed, at most' },
  key: { type: 'string', help: 'instead: C2SP verifier key of the log, ORIGIN+ID+KEY' },
} as const;

export const ledgerCheckpoint: Command = {
  name: 'ledger checkpoint',
  summary: 'Print the newest signed checkpoint; with --policy or --key, check who signed it',
  options: { ...NODE, ...DATA, ...STORE, ...TRUST },
  load: () => import('../ledger/read-checkpoint.ts'),
};

export const ledgerFsck: Command = {
  name: 'ledger fsck',
  summary: 'Compare every table of a ledger’s folder with every other one and name the first thing wrong',
  options: { ...DATA, ...STORE },
  load: () => import('../ledger/check-ledger.ts'),
};

export const ledgerSnapshot: Command = {
  name: 'ledger snapshot',
  summary:
    'Write what a node needs to go on from here: all hashes, the state and a day of entries; no backup',
  options: { ...DATA, ...STORE, out: { type: 'string', help: 'folder to make' } },
  load: () => import('../ledger/take-snapshot.ts'),
};

export const ledgerRestore: Command = {
  name: 'ledger restore',
  summary: 'Make a ledger of a snapshot, if it leads to a checkpoint whose signatures count',
  options: {
    in: { type: 'string', help: 'folder made by ledger snapshot' },
    store: { type: 'string', help: 'ledger folder to make' },
    network: { type: 'string', help: 'label of the network' },
    checkpoint: { type: 'string', help: 'note of the snapshot’s head (default: the one in the snapshot)' },
    ...TRUST,
  },
  load: () => import('../ledger/restore-snapshot.ts'),
};

export const ledgerCompact: Command = {
  name: 'ledger compact',
  summary: 'Give the space of deleted records back to the disk; the node must be stopped',
  options: { ...DATA, ...STORE },
  load: () => import('../ledger/compact-ledger.ts'),
};

export const ledgerImport: Command = {
  name: 'ledger import',
  summary: 'Make a ledger of an export: execute every entry, and compare each checkpoint',
  options: {
    in: { type: 'string', help: 'file made by ledger export' },
    store: { type: 'string', help: 'ledger folder to make' },
    genesis: { type: 'string', help: 'genesis.cbor that the ledger must begin with' },
    policy: { type: 'string', help: 'file that says whose cosignatures make a checkpoint count' },
    key: { type: 'string', help: 'instead: C2SP verifier key of the log, ORIGIN+ID+KEY' },
  },
  load: () => import('../ledger/import-ledger.ts'),
};

export const ledgerGenesis: Command = {
  name: 'ledger genesis',
  summary: 'Write the genesis.json by which validators under CometBFT go on from a ledger',
  options: {
    store: { type: 'string', help: 'ledger folder whose head it goes on from' },
    out: { type: 'string', help: 'file to write (default genesis.json)' },
  },
  load: () => import('../ledger/write-engine-genesis.ts'),
};

export const ledgerPolicy: Command = {
  name: 'ledger policy',
  summary: 'Follow a node’s signed links from a policy you have to the one in force',
  options: {
    ...NODE,
    policy: { type: 'string', help: 'file with the policy you rely on' },
    out: { type: 'string', help: 'new file for the policy in force' },
  },
  load: () => import('../ledger/follow-policy.ts'),
};

export const ledgerAnchor: Command = {
  name: 'ledger anchor',
  summary: 'Anchor the newest checkpoint of a sub-ledger in its parent; again with --every',
  options: {
    ...DATA,
    sub: { type: 'string', help: 'origin of a node of the sub-ledger' },
    parent: { type: 'string', help: 'origin of a node of the parent' },
    as: { type: 'string', help: 'party of the data folder that is a member of the parent' },
    every: { type: 'string', help: 'go on for ever, with so many seconds between (1 to 86400)' },
    'report-fork': {
      type: 'boolean',
      help: 'show the parent a second checkpoint of an anchored size, which stops the sub-ledger',
    },
  },
  load: () => import('../ledger/anchor-ledger.ts'),
};
