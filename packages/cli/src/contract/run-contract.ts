import type { Run } from '../command.ts';
import { actAs } from '../data-folder.ts';
import { fail } from '../errors.ts';
import { callNode, nodeOf } from '../node-api.ts';
import { requiredText, textOr } from '../option-values.ts';
import { dataDirOf } from '../paths.ts';
import { readBytes } from '../pki/read-argument.ts';

interface Answer {
  readonly id: string;
  readonly line: string;
  readonly index: number;
}

/** The contract call of the paper: module, channel, command, parameters. */
export const run: Run = async ({ values, positionals }) => {
  const [module = '', command = '', id] = positionals;
  const [node, channel] = [nodeOf(values), textOr(values, 'channel', 'main')];
  const body = await parametersOf(textOr(values, 'in', undefined));
  const { token } = await actAs(dataDirOf(values), requiredText(values, 'as'));
  const path = ['v1', 'contracts', module, channel, command].map(encodeURIComponent).join('/');
  const query = new URLSearchParams(
    Object.entries({ id, head: textOr(values, 'head', undefined) }).filter(isGiven),
  ).toString();
  const url = `${node}/${path}${query === '' ? '' : `?${query}`}`;
  const done = (await callNode(url, { method: 'POST', token: await token(node), body })) as Answer;
  return {
    data: done,
    text: [`object  ${done.id}`, `line    ${done.line}`, `index   ${done.index}`].join('\n'),
    next: `attestel contract show ${module} ${done.id} --as …: the object as this party has it`,
  };
};

const isGiven = (entry: [string, string | undefined]): entry is [string, string] => entry[1] !== undefined;

/** @throws AppError config_unreadable for what is no JSON */
async function parametersOf(file: string | undefined): Promise<unknown> {
  if (file === undefined) return {};
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(await readBytes(file, '--in')));
  } catch (cause) {
    if (!(cause instanceof SyntaxError || cause instanceof TypeError)) throw cause;
    throw fail('config_unreadable', { field: '--in', cause });
  }
}
