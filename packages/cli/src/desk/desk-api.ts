import type { CommandInput } from '../command.ts';
import { actAs } from '../data-folder.ts';
import { callNode, nodeOf } from '../node-api.ts';
import { requiredText, textOr } from '../option-values.ts';
import { dataDirOf } from '../paths.ts';

export interface Desk {
  readonly number: string;
  readonly post: (path: string, body: unknown) => Promise<unknown>;
}

/** The desk of the operator that `--as` names, at the node that `--node` names, for `--number`. */
export async function openDesk(values: CommandInput['values']): Promise<Desk> {
  const number = requiredText(values, 'number');
  const node = nodeOf(values);
  const acting = await actAs(dataDirOf(values), textOr(values, 'as', 'zhonglian'));
  const token = await acting.token(node);
  return {
    number,
    post: (path, body) => callNode(`${node}/v1/desk/${path}`, { method: 'POST', token, body }),
  };
}
