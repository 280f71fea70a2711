import type { Run } from '../command.ts';
import { nodeOf } from '../node-api.ts';
import { instantText } from '../option-values.ts';
import { batchesAt, type ListedBatch } from './listed.ts';

export const run: Run = async ({ values }) => {
  const batches = await batchesAt(nodeOf(values));
  return { data: batches, text: batches.length === 0 ? 'No batch.' : batches.map(textOf).join('\n\n') };
};

const textOf = ({ id, standing, product, number, count, used, expiry, serials }: ListedBatch): string => {
  const serial = (value: number): string => serials.prefix + String(value).padStart(serials.digits, '0');
  return [
    id,
    `  ${product} (${number}), ${standing}, ${used} of ${count} published, until ${instantText(expiry)}`,
    `  serials  ${serial(serials.from)} … ${serial(serials.to)}`,
  ].join('\n');
};
