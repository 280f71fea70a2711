import type { Run } from '../command.ts';
import { contractCaller } from './contract-call.ts';

/** Lines of an object, oldest first. */
export const run: Run = async ({ values, positionals }) => {
  const [module = '', id = ''] = positionals;
  const { call } = await contractCaller(values);
  const { lines } = (await call(module, [id, 'history'])) as { lines: readonly object[] };
  return { data: lines, text: lines.map((line) => JSON.stringify(line)).join('\n') };
};
