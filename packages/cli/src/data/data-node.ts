import type { CommandInput } from '../command.ts';
import { actAs } from '../data-folder.ts';
import { callNode, nodeOf } from '../node-api.ts';
import { requiredText, textOr } from '../option-values.ts';
import { dataDirOf } from '../paths.ts';

/** Calls of one party at its own node, or another one. */
export interface DataNode {
  readonly channel: string;
  /** @param node origin; default: the party's own */
  get(path: readonly string[], node?: string): Promise<unknown>;
  post(path: readonly string[], body: unknown): Promise<unknown>;
}

export async function dataNode(values: CommandInput['values']): Promise<DataNode> {
  const own = nodeOf(values);
  const { token } = await actAs(dataDirOf(values), requiredText(values, 'as'));
  const urlOf = (node: string, path: readonly string[]): string =>
    `${node}/${['v1', ...path].map(encodeURIComponent).join('/')}`;
  return {
    channel: textOr(values, 'channel', 'main'),
    get: async (path, node = own) => callNode(urlOf(node, path), { token: await token(node) }),
    post: async (path, body) => callNode(urlOf(own, path), { method: 'POST', token: await token(own), body }),
  };
}
