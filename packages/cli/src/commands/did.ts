import type { Command } from '../command.ts';
import { DATA, NODE } from './options.ts';

const KEY_FILE = {
  keys: {
    type: 'string',
    help: 'encrypted file of control keys, made where it is missing; opened by ATTESTEL_PASSPHRASE',
  },
  name: { type: 'string', help: 'what the names of the keys in that file begin with' },
} as const;
const HOLDER = {
  ...KEY_FILE,
  as: { type: 'string', help: 'instead of --keys: party of the data folder that holds the keys' },
  ...DATA,
} as const;
const NEXT = {
  next: { type: 'string', help: 'how many new control keys to make here (default: as many as now, or 1)' },
  'next-threshold': {
    type: 'string',
    help: 'how many of the next keys the next change needs (default: all)',
  },
} as const;
const OUT = {
  out: { type: 'string', help: 'write the operation to this file instead of sending it' },
} as const;

export const didCreate: Command = {
  name: 'did create',
  summary: 'Make keys and a did:mno, and put it on the ledger',
  options: {
    ...KEY_FILE,
    network: {
      type: 'string',
      help: 'label of the ledger’s network, as its DIDs have it (main where they have none)',
    },
    ...NEXT,
    ...NODE,
    ...OUT,
  },
  load: () => import('../did/create-did.ts'),
};

export const didRotate: Command = {
  name: 'did rotate',
  summary: 'Replace the keys in control of a DID and their threshold; the document stays',
  positionals: ['DID'],
  options: {
    ...HOLDER,
    ...NEXT,
    'next-commitment': {
      type: 'string',
      multiple: true,
      help: 'commitment to another holder’s next key, from did keys; may be given again',
    },
    cosigner: {
      type: 'string',
      multiple: true,
      help: 'another holder’s key that signs this change, from did keys; may be given again',
    },
    policy: {
      type: 'string',
      help: 'file with the policy: believe of the document only what its witnesses cosigned',
    },
    'max-age': { type: 'string', help: 'with --policy: seconds that the proof may be old (default 300)' },
    ...NODE,
    ...OUT,
  },
  load: () => import('../did/rotate-did.ts'),
};

export const didKeys: Command = {
  name: 'did keys',
  summary: 'Print a holder’s part in the next change of a DID: keys to show, commitments to those after',
  positionals: ['DID'],
  options: { ...HOLDER, next: { type: 'string', help: 'how many next keys to make (default 1)' }, ...NODE },
  load: () => import('../did/show-keys.ts'),
};

export const didSign: Command = {
  name: 'did sign',
  summary: 'Show a drafted change of a DID; with --approve sign it, and send it once nobody is missing',
  positionals: ['DRAFT'],
  options: {
    ...HOLDER,
    approve: { type: 'boolean', help: 'sign it with the keys of this holder' },
    ...NODE,
    ...OUT,
  },
  load: () => import('../did/sign-draft.ts'),
};

export const didResolve: Command = {
  name: 'did resolve',
  summary: 'Resolve a did:mno; with --policy, verify the proof of it and refuse what is not proven',
  positionals: ['DID'],
  options: {
    ...NODE,
    policy: { type: 'string', help: 'file with the policy: whose cosignatures count (C2SP tlog-policy)' },
    save: { type: 'string', help: 'write the resolution with its whole proof to this file' },
    offline: { type: 'string', help: 'instead of asking a node: verify what --save or --json wrote' },
    'max-age': {
      type: 'string',
      help: 'seconds since a quorum stood by what the proof says (default 300, with --offline 86400)',
    },
    'version-id': { type: 'string', help: 'this version' },
    'version-time': { type: 'string', help: 'the version of this time, such as 2026-11-22T08:00:00Z' },
  },
  load: () => import('../did/resolve-did.ts'),
};

export const didOf: Command = {
  name: 'did of',
  summary: 'Print the DID of a party of the data folder',
  positionals: ['PARTY'],
  options: DATA,
  load: () => import('../did/did-of.ts'),
};
