import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { fromBase64url, systemClock } from '@attestel/core';
import { actorKeys, didModule } from '@attestel/did';
import { openLmdbStore, verifyLedger } from '@attestel/ledger';
import { registryModule } from '@attestel/registry';
import type { Command } from '../command.ts';
import { DATA_HELP, DATA_OPTION, dataDirOf, fromHere } from '../data-folder.ts';
import { fail } from '../errors.ts';
import { callNode, NODE_HELP, NODE_OPTION, nodeOf } from '../node-api.ts';

export const ledgerVerify: Command = {
  name: 'ledger verify',
  summary: 'Replay the ledger from its first entry and name the first bad one',
  options: DATA_OPTION,
  help: DATA_HELP,
  run: async () => {
    throw fail('data_missing');
  },
};

export const ledgerCheckpoint: Command = {
  name: 'ledger checkpoint',
  summary: 'Print the signed checkpoint of a node',
  options: NODE_OPTION,
  help: NODE_HELP,
  run: async ({ values }) => {
    const data = await callNode(`${nodeOf(values)}/v1/ledger/checkpoint`);
    return { data: { checkpoint: data }, text: String(data).trimEnd() };
  },
};

export const ledgerExport: Command = {
  name: 'ledger export',
  summary: 'Write all log entries of a node to a file, one JSON document a line',
  options: { ...NODE_OPTION, out: { type: 'string' } },
  help: { ...NODE_HELP, out: 'file to write (default ledger.jsonl)' },
  run: async () => {
    throw fail('data_missing');
  },
};
void [
  createWriteStream,
  join,
  fromBase64url,
  systemClock,
  actorKeys,
  didModule,
  openLmdbStore,
  verifyLedger,
  registryModule,
  dataDirOf,
  fromHere,
];
