import type { Command } from '../command.ts';
import { DATA } from './options.ts';

const CUSTODIAN = {
  ...DATA,
  as: { type: 'string', help: 'party of the data folder that has the device' },
} as const;

export const deviceTagKey: Command = {
  name: 'device tag-key',
  summary: 'Make the key of a device’s tag, and print it as the device’s tagKey',
  positionals: ['SERIAL'],
  options: CUSTODIAN,
  load: () => import('../device/tag-key.ts'),
};

export const deviceTag: Command = {
  name: 'device tag',
  summary: 'Print the text of a device’s tag, for a QR code or an NDEF record',
  positionals: ['ID'],
  options: { ...CUSTODIAN, serial: { type: 'string', help: 'serial number, as the key was made for it' } },
  load: () => import('../device/make-tag.ts'),
};
