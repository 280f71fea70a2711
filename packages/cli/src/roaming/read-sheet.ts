import { readIr21 } from '@attestel/scenarios';
import type { Run } from '../command.ts';
import { readBytes } from '../pki/read-argument.ts';

/** IR.21 XML as the parameters of `roaming.ir21 publish` and `supersede`. */
export const run: Run = async ({ positionals }) => {
  const [file = ''] = positionals;
  const xml = new TextDecoder('utf-8', { fatal: true }).decode(await readBytes(file, 'FILE'));
  const data = { body: readIr21(xml) };
  return { data, text: JSON.stringify(data, null, 2) };
};
