import type { Run } from '../command.ts';
import { fail } from '../errors.ts';
import { callNode, nodeOf } from '../node-api.ts';

const KINDS = ['members', 'issuers', 'bridges', 'apps'];

export const run: Run = async ({ values, positionals }) => {
  const kind = positionals[0] as string;
  if (!KINDS.includes(kind)) throw fail('option_invalid', { field: `KIND (one of ${KINDS.join(', ')})` });
  const data = await callNode(`${nodeOf(values)}/v1/registry/${kind}`);
  return { data, text: JSON.stringify(data, null, 2) };
};
