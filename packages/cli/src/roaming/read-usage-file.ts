import { writeFile } from 'node:fs/promises';
import { type Repair, readBwrpUsage, repairsForSubmit } from '@attestel/scenarios';
import type { Run } from '../command.ts';
import { fail } from '../errors.ts';
import { requiredText, textList } from '../option-values.ts';
import { fromHere } from '../paths.ts';
import { readText } from '../read-bytes.ts';

/** All that there are; nothing is repaired unasked. */
const REPAIRS: readonly Repair[] = ['excel-dates'];

/** Usage in the form of the pilot BWRP as the parameters of `roaming.usage submit`, and what was repaired in it. */
export const run: Run = async ({ values, positionals }) => {
  const [file = ''] = positionals;
  const [partner, out] = [requiredText(values, 'partner'), fromHere(requiredText(values, 'out'))];
  const text = await readText(file, 'FILE');
  const usage = readBwrpUsage(text, textList(values, 'repair').map(repairOf));
  const { inbound, outbound, repairs } = usage;
  const items = [...inbound, ...outbound];
  const repaired = repairs.length > 0 ? { repairs: repairsForSubmit(usage) } : {};
  await writeFile(out, JSON.stringify({ head: { partner }, items, to: [partner], ...repaired }));
  return {
    data: { rows: items.length, repairs },
    text: [
      `rows      ${items.length}`,
      ...repairs.map(({ field, rule, value }) => `repaired  ${field} ${value} (${rule})`),
    ].join('\n'),
    next: `attestel contract roaming.usage@1.0.0 submit --in ${out} --as …`,
  };
};

function repairOf(text: string): Repair {
  const known = REPAIRS.find((repair) => repair === text);
  if (!known) throw fail('option_invalid', { field: `--repair (${REPAIRS.join(', ')})` });
  return known;
}
