import type { Command } from '../command.ts';
import { CALL } from './contract.ts';

export const roamingIr21: Command = {
  name: 'roaming ir21',
  summary: 'Read RAEX IR.21 XML, and print the parameters of roaming.ir21 publish',
  positionals: ['FILE'],
  load: () => import('../roaming/read-sheet.ts'),
};

export const roamingSettle: Command = {
  name: 'roaming settle',
  summary: 'Settle usage by the tariff, and print the parameters of roaming.statement propose',
  options: {
    ...CALL,
    tariff: { type: 'string', help: 'object of roaming.iot' },
    usage: { type: 'string', multiple: true, help: 'object of roaming.usage' },
    credit: { type: 'string', multiple: true, help: 'object of roaming.credit that is taken in' },
    from: { type: 'string', help: 'first month, yyyymm' },
    to: { type: 'string', help: 'last month, yyyymm' },
    closing: { type: 'boolean', help: 'the months are the whole term: the commitment counts' },
  },
  load: () => import('../roaming/settle.ts'),
};

export const roamingPayment: Command = {
  name: 'roaming payment',
  summary: 'Write the net of a statement as ISO 20022 pain.001',
  positionals: ['STATEMENT'],
  options: {
    ...CALL,
    day: { type: 'string', help: 'day on which the bank is to pay, such as 2026-12-01' },
    created: { type: 'string', help: 'time of the order (default now)' },
  },
  load: () => import('../roaming/write-payment.ts'),
};

export const roamingCompare: Command = {
  name: 'roaming compare',
  summary: 'Compare a copy of an IR.21 with the version that its sender published last, by their digests',
  positionals: ['FILE', 'ID'],
  options: CALL,
  load: () => import('../roaming/compare-sheet.ts'),
};

export const roamingUsage: Command = {
  name: 'roaming usage',
  summary: 'Read usage in the form of the pilot BWRP, and write the parameters of roaming.usage submit',
  positionals: ['FILE'],
  options: {
    partner: { type: 'string', help: 'DID of the other operator' },
    repair: { type: 'string', multiple: true, help: 'what to repair, and tell: excel-dates' },
    out: { type: 'string', help: 'file for the parameters' },
  },
  load: () => import('../roaming/read-usage-file.ts'),
};
