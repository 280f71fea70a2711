import type { Run } from '../command.ts';
import { actAs } from '../data-folder.ts';
import { fail } from '../errors.ts';
import { callNode, nodeOf } from '../node-api.ts';
import { instant, instantText, requiredText, textOr } from '../option-values.ts';
import { dataDirOf } from '../paths.ts';

const YEAR = 365 * 86_400;

interface Invited {
  readonly link: string;
  /** Unix seconds. */
  readonly expires: number;
}

/** Asks the party's node for an invitation, and draws its link for the phone's camera. */
export const run: Run = async ({ values }) => {
  const node = nodeOf(values);
  const body = {
    name: requiredText(values, 'name'),
    province: requiredText(values, 'province'),
    city: textOr(values, 'city', null),
    until: instant(values, 'until', Math.floor(Date.now() / 1000) + YEAR),
    shift: shiftOf(textOr(values, 'shift', '08:00-18:00')),
  };
  const { token } = await actAs(dataDirOf(values), requiredText(values, 'as'));
  const url = `${node}/v1/inspection/invites`;
  const invited = (await callNode(url, { method: 'POST', token: await token(node), body })) as Invited;
  const expires = instantText(invited.expires);
  const { terminalQrCode } = await import('@attestel/server');
  return {
    data: { link: invited.link, expires, until: instantText(body.until) },
    text: `${terminalQrCode(invited.link)}\n\nlink  ${invited.link}\nuntil ${expires}`,
    next: 'let the inspector scan it with the phone’s camera: whoever has the link first is appointed',
  };
};

/** @throws AppError option_invalid */
function shiftOf(text: string): { from: string; until: string } {
  const time = '(?:[01]\\d|2[0-3]):[0-5]\\d';
  const [, from, until] = new RegExp(`^(${time})-(${time})$`).exec(text) ?? [];
  if (from === undefined || until === undefined)
    throw fail('option_invalid', { field: '--shift (such as 08:00-18:00)' });
  return { from, until };
}
