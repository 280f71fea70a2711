import type { Run } from '../command.ts';
import { fail } from '../errors.ts';
import { textOr } from '../option-values.ts';
import { contractCaller } from './contract-call.ts';

/** A query of the module over what the party may see. */
export const run: Run = async ({ values, positionals }) => {
  const [module = '', query = '', ...args] = positionals;
  const { call } = await contractCaller(values);
  const search = new URLSearchParams(args.map(argumentOf));
  const at = textOr(values, 'at', undefined);
  if (at !== undefined) search.append('at', at);
  const { result } = (await call(module, ['queries', query], { query: search })) as { result: unknown };
  return { data: result, text: JSON.stringify(result, null, 2) };
};

/** @throws AppError option_invalid */
function argumentOf(text: string): [string, string] {
  const end = text.indexOf('=');
  if (end < 1) throw fail('option_invalid', { field: `${text} (NAME=VALUE)` });
  return [text.slice(0, end), text.slice(end + 1)];
}
