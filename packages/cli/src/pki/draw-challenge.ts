import type { Run } from '../command.ts';
import { actAs } from '../data-folder.ts';
import { callNode, nodeOf } from '../node-api.ts';
import { instantText, requiredText } from '../option-values.ts';
import { dataDirOf } from '../paths.ts';

export const run: Run = async ({ values }) => {
  const node = nodeOf(values);
  const { token } = await actAs(dataDirOf(values), requiredText(values, 'as'));
  const drawn = (await callNode(`${node}/v1/pki/challenges`, {
    method: 'POST',
    token: await token(node),
  })) as { challenge: string; submitter: string; until: number };
  return {
    data: drawn,
    text: [
      `challenge  ${drawn.challenge}`,
      `submitter  ${drawn.submitter}`,
      `until      ${instantText(drawn.until)}`,
    ].join('\n'),
    next: 'attestel pki statement CERT... --challenge … --submitter …: what each device’s key signs',
  };
};
