import type { Command } from '../command.ts';
import { DATA, NODE } from './options.ts';

const SIGNED = {
  ...DATA,
  ...NODE,
  out: { type: 'string', help: 'write it to this file for others to sign, instead of sending it' },
  as: {
    type: 'string',
    multiple: true,
    help: 'party of the data folder that signs; may be given again, the first acts',
  },
} as const;

const WHO = 'DID, or a party of the data folder; may be given again';
const LISTED = {
  writer: { type: 'string', multiple: true, help: `who writes there: ${WHO}` },
  reader: { type: 'string', multiple: true, help: `who reads there: ${WHO}` },
  until: {
    type: 'string',
    help: 'end of their membership, such as 2027-01-01T00:00:00Z (default: none)',
  },
} as const;

export const channelOpen: Command = {
  name: 'channel open',
  summary: 'Open a channel below main, by the votes of members, or below another, by those of its governors',
  positionals: ['NAME'],
  options: {
    ...SIGNED,
    ...LISTED,
    governor: { type: 'string', multiple: true, help: `who decides about it: ${WHO} (default: who acts)` },
    threshold: { type: 'string', help: 'governors that a decision needs (default 1)' },
    shared: {
      type: 'string',
      multiple: true,
      help: 'module that every node executes there, such as data.price@1; for ever; may be given again',
    },
    public: { type: 'boolean', help: 'let everybody read it, not its members alone' },
  },
  load: () => import('../channel/open-channel.ts'),
};

export const channelAdmit: Command = {
  name: 'channel admit',
  summary: 'Let more parties write or read in a channel, or change what they may',
  positionals: ['NAME'],
  options: { ...SIGNED, ...LISTED },
  load: () => import('../channel/admit-members.ts'),
};

export const channelRemove: Command = {
  name: 'channel remove',
  summary: 'Take parties out of a channel',
  positionals: ['NAME', 'WHO...'],
  options: SIGNED,
  load: () => import('../channel/remove-members.ts'),
};

export const channelShow: Command = {
  name: 'channel show',
  summary: 'Show who governs, writes and reads in a channel, and what every node executes there',
  positionals: ['NAME'],
  options: {
    ...DATA,
    ...NODE,
    as: { type: 'string', help: 'party of the data folder that asks, for channels that are not public' },
  },
  load: () => import('../channel/show-channel.ts'),
};
