import type { Run } from '../command.ts';
import { textOr } from '../option-values.ts';
import { contractCaller } from './contract-call.ts';

/** An object as a party has it, at a time if one is named. */
export const run: Run = async ({ values, positionals }) => {
  const [module = '', id = ''] = positionals;
  const { call } = await contractCaller(values);
  const at = textOr(values, 'at', undefined);
  const data = await call(module, [id], { query: new URLSearchParams(at === undefined ? {} : { at }) });
  return { data, text: JSON.stringify(data, null, 2) };
};
