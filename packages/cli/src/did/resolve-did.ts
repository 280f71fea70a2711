import type { Run } from '../command.ts';
import { callNode, nodeOf } from '../node-api.ts';

export const run: Run = async ({ values, positionals }) => {
  const url = `${nodeOf(values)}/1.0/identifiers/${encodeURIComponent(positionals[0] as string)}`;
  const data = await callNode(url, { accept: 'application/did-resolution' });
  return { data, text: JSON.stringify(data, null, 2) };
};
