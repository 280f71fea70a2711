import type { Command } from '../command.ts';
import { DATA, NODE } from './options.ts';

const DESK = {
  ...DATA,
  ...NODE,
  as: { type: 'string', help: 'operator that acts, by folder name (default zhonglian)' },
  number: { type: 'string', help: 'E.164 number of the line, such as +8610…' },
} as const;

export const credentialOffer: Command = {
  name: 'credential offer',
  summary: 'Operator’s desk: offer a phone card to a subscriber whose line was proved',
  options: DESK,
  load: () => import('../desk/offer-credential.ts'),
};

export const deskEvent: Command = {
  name: 'desk event',
  summary: 'Operator’s desk: record what happened to a line (suspend, resume, sim-swap, …)',
  positionals: ['EVENT'],
  options: DESK,
  load: () => import('../desk/record-line-event.ts'),
};
