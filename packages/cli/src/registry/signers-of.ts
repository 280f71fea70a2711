import type { CommandInput } from '../command.ts';
import { type ActingParty, actAs } from '../data-folder.ts';
import { fail } from '../errors.ts';
import { textList } from '../option-values.ts';
import { dataDirOf } from '../paths.ts';

/** The parties of `--as`; the first acts. @throws argument_missing, data_missing */
export async function signersOf(
  values: CommandInput['values'],
): Promise<readonly [ActingParty, ...ActingParty[]]> {
  const [first, ...others] = new Set(textList(values, 'as'));
  if (first === undefined) throw fail('argument_missing', { field: '--as' });
  const dataDir = dataDirOf(values);
  return [await actAs(dataDir, first), ...(await Promise.all(others.map((name) => actAs(dataDir, name))))];
}
