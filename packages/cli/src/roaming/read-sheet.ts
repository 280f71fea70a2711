import { readIr21 } from '@attestel/scenarios';
import type { Run } from '../command.ts';
import { readText } from '../read-bytes.ts';

/** IR.21 XML as the parameters of `roaming.ir21 publish` and `supersede`. */
export const run: Run = async ({ positionals }) => {
  const [file = ''] = positionals;
  const data = { body: readIr21(await readText(file, 'FILE')) };
  return { data, text: JSON.stringify(data, null, 2) };
};
