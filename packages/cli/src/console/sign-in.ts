import type { Run } from '../command.ts';
import { actAs } from '../data-folder.ts';
import { callNode, nodeOf } from '../node-api.ts';
import { requiredText } from '../option-values.ts';
import { dataDirOf } from '../paths.ts';

interface Link {
  readonly url: string;
  /** Unix seconds. */
  readonly expires: number;
}

/** A link that signs a person in to the console of the party's node. */
export const run: Run = async ({ values }) => {
  const node = nodeOf(values);
  const { token } = await actAs(dataDirOf(values), requiredText(values, 'as'));
  const link = (await callNode(`${node}/console/api/links`, {
    method: 'POST',
    token: await token(node),
  })) as Link;
  return { data: link, text: link.url, next: 'open it in a browser within a minute; it signs in once' };
};
