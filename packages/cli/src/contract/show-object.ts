import type { Run } from '../command.ts';
import { actAs } from '../data-folder.ts';
import { callNode, nodeOf } from '../node-api.ts';
import { requiredText, textOr } from '../option-values.ts';
import { dataDirOf } from '../paths.ts';

/** An object as a party has it, at a time if one is named. */
export const run: Run = async ({ values, positionals }) => {
  const [module = '', id = ''] = positionals;
  const [node, channel] = [nodeOf(values), textOr(values, 'channel', 'main')];
  const { token } = await actAs(dataDirOf(values), requiredText(values, 'as'));
  const path = ['v1', 'contracts', module, channel, id].map(encodeURIComponent).join('/');
  const at = textOr(values, 'at', undefined);
  const url = `${node}/${path}${at === undefined ? '' : `?at=${encodeURIComponent(at)}`}`;
  const data = await callNode(url, { token: await token(node) });
  return { data, text: JSON.stringify(data, null, 2) };
};
