import type { Command } from '../command.ts';
import { CALL } from './contract.ts';
import { DATA } from './options.ts';

export const deviceLeague: Command = {
  name: 'device league',
  summary: 'Make the figures of a month from provinces’ channels, and publish them in the group’s',
  positionals: ['CHANNEL...'],
  options: {
    ...CALL,
    channel: { type: 'string', help: 'the group’s channel, in which they are published' },
    period: { type: 'string', help: 'month in UTC, such as 2026-11' },
  },
  load: () => import('../device/publish-league.ts'),
};

export const deviceDuplicates: Command = {
  name: 'device duplicates',
  summary:
    'Find serial numbers that several things have, over the channels of provinces; exit 4 if there are',
  positionals: ['CHANNEL...'],
  options: CALL,
  load: () => import('../device/find-duplicates.ts'),
};

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

export const deviceExport: Command = {
  name: 'device export',
  summary: 'Print all devices that the party sees: csv, tmf639 (TMF639 v4) or epcis (EPCIS 2.0)',
  options: { ...CALL, format: { type: 'string', help: 'csv, tmf639 or epcis' } },
  load: () => import('../device/export-devices.ts'),
};

export const deviceImport: Command = {
  name: 'device import',
  summary:
    'Register the devices of a file (csv, a JSON list of TMF639 resources), or take moves from EPCIS 2.0',
  positionals: ['FILE'],
  options: { ...CALL, format: { type: 'string', help: 'csv, tmf639 or epcis' } },
  load: () => import('../device/import-devices.ts'),
};
