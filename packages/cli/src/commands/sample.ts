import type { Command } from '../command.ts';
import { DATA } from './options.ts';

const SEED = { seed: { type: 'string', help: 'any text (default 20261122)' } } as const;
const OUT = {
  out: { type: 'string', help: 'folder for one file each; without it, all is printed' },
} as const;

export const sampleSubscribers: Command = {
  name: 'sample subscribers',
  summary: 'Print fictional subscribers, the same for the same seed',
  options: {
    ...SEED,
    operator: { type: 'string', help: 'operator (default zhonglian)' },
    count: { type: 'string', help: 'how many (default 12)' },
  },
  load: () => import('../sample/print-subscribers.ts'),
};

export const sampleDevices: Command = {
  name: 'sample devices',
  summary: 'Sites, devices and their parts, a year of inspections and faults, the same for the same seed',
  options: { ...SEED, ...OUT },
  load: () => import('../sample/sample-devices.ts'),
};

export const sampleRoaming: Command = {
  name: 'sample roaming',
  summary: 'Sheets, IR.21, tariffs, a year of usage and TAP summaries of three operators',
  options: {
    ...SEED,
    ...OUT,
    ...DATA,
    from: { type: 'string', help: 'first of twelve months, yyyymm (default 202601)' },
    demo: { type: 'boolean', help: 'of the demo’s operators, by the DIDs in the data folder' },
  },
  load: () => import('../sample/sample-roaming.ts'),
};

export const sampleData: Command = {
  name: 'sample data',
  summary: 'A catalogue with its rows, prices, and consents that are asked for',
  options: {
    ...SEED,
    ...OUT,
    ...DATA,
    demo: { type: 'boolean', help: 'of the demo’s operator and bank, by the DIDs in the data folder' },
  },
  load: () => import('../sample/sample-data.ts'),
};
