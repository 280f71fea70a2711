import type { Command } from '../command.ts';
import { DATA, NODE } from './options.ts';

export const registryList: Command = {
  name: 'registry list',
  summary: 'List members, issuers, bridges or apps that the ledger knows',
  positionals: ['KIND'],
  options: NODE,
  load: () => import('../registry/list-registry.ts'),
};

const OUT = {
  out: { type: 'string', help: 'write it to this file for others to sign, instead of sending it' },
} as const;

export const registryValidator: Command = {
  name: 'registry validator',
  summary: 'Give a member’s node a vote in the order of operations; with power 0, take it away',
  options: {
    ...DATA,
    ...NODE,
    ...OUT,
    as: {
      type: 'string',
      multiple: true,
      help: 'party of the data folder that signs; may be given again, the first acts',
    },
    member: { type: 'string', help: 'DID of the member whose node it is (default: who acts)' },
    key: { type: 'string', help: 'consensus key of its engine, hex, from attestel node engine' },
    power: { type: 'string', help: 'weight of its vote (default 10)' },
  },
  load: () => import('../registry/set-validator.ts'),
};

export const registrySubLedger: Command = {
  name: 'registry sub-ledger',
  summary: 'Register a ledger that anchors into this one, or with --replace set its policy anew',
  options: {
    ...DATA,
    ...NODE,
    ...OUT,
    as: {
      type: 'string',
      multiple: true,
      help: 'party of the data folder that signs; may be given again, the first acts',
    },
    policy: { type: 'string', help: 'file with the policy of the sub-ledger' },
    replace: { type: 'boolean', help: 'it is registered already; also ends a stop' },
  },
  load: () => import('../registry/set-sub-ledger.ts'),
};

export const registrySign: Command = {
  name: 'registry sign',
  summary:
    'Show a drafted change of the registry or of trust; with --approve sign it and send it, or pass it on with --out',
  positionals: ['DRAFT'],
  options: {
    ...DATA,
    ...NODE,
    ...OUT,
    as: { type: 'string', help: 'party of the data folder that signs' },
    approve: { type: 'boolean', help: 'sign it, if it is what you want' },
  },
  load: () => import('../registry/sign-draft.ts'),
};
