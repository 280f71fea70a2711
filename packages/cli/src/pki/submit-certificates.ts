import { isAppError, toBase64 } from '@attestel/core';
import { ROLES } from '@attestel/pki';
import type { CommandInput, Run } from '../command.ts';
import { actAs } from '../data-folder.ts';
import { fail } from '../errors.ts';
import { callNode, nodeOf } from '../node-api.ts';
import { requiredText, textList, textOr } from '../option-values.ts';
import { dataDirOf } from '../paths.ts';
import { filesOf, type PalletEntry, readEntry } from './pallet.ts';
import { hashOf, readCertificate } from './read-argument.ts';
import type { Rejected } from './rejected-table.ts';
import { saveReceipts } from './save-receipts.ts';
import { type PartAnswer, partsOf, type Ready, sendParts } from './send-parts.ts';
import { type Published, reportSubmission } from './submission-report.ts';

type Values = CommandInput['values'];

const OPEN_FILES = 64;

export const run: Run = async ({ values, positionals, progress }) => {
  const head = await headOf(values);
  const files = await filesGiven(values, positionals);
  const entries = await readAll(files);
  const unready: Rejected[] = entries.flatMap((entry) => ('code' in entry ? [entry] : []));
  const ready = entries.filter((entry): entry is Ready => 'item' in entry);
  const node = nodeOf(values);
  const { token } = await actAs(dataDirOf(values), requiredText(values, 'as'));
  const { published, rejected, stopped } = await sendParts(partsOf(ready), async (part) => {
    progress(`publishing ${part.length} of ${files.length} …`);
    return publish(node, await token(node), { head, part });
  });
  const without = values.receipts === true ? await receiptsOf(published, node, progress) : undefined;
  return reportSubmission({ published, rejected: [...unready, ...rejected], without, stopped }, node);
};

function receiptsOf(published: readonly Published[], node: string, progress: CommandInput['progress']) {
  progress(`fetching ${published.length} receipts …`);
  return saveReceipts(
    published.map(({ file }) => file),
    { node, progress },
  );
}

async function headOf(values: Values) {
  const role = requiredText(values, 'role');
  if (!ROLES.some((one) => one === role))
    throw fail('option_invalid', { field: `--role (${ROLES.join(', ')})` });
  const optional = (name: string): string | null => {
    const text = textOr(values, name, null);
    if (text !== null) hashOf(text, `--${name}`);
    return text;
  };
  const anchor = requiredText(values, 'anchor');
  hashOf(anchor, '--anchor');
  const batch = optional('batch');
  const challenge = optional('challenge') ?? batch;
  if (challenge === null) throw fail('argument_missing', { field: '--challenge (or --batch)' });
  const source = optional('source');
  return {
    ...{ role, anchor, batch, challenge, intermediates: await certificatesOf(values, 'intermediate') },
    source: source && {
      anchor: source,
      chained: values['source-self-signed'] !== true,
      intermediates: await certificatesOf(values, 'source-intermediate'),
    },
  };
}

const certificatesOf = (values: Values, option: string): Promise<string[]> =>
  Promise.all(
    textList(values, option).map(async (path) => toBase64(await readCertificate(path, `--${option}`))),
  );

async function filesGiven(values: Values, positionals: readonly string[]): Promise<readonly string[]> {
  const pallet = textOr(values, 'pallet', undefined);
  const files = pallet === undefined ? positionals : [...positionals, ...(await filesOf(pallet))];
  if (files.length === 0) throw fail('argument_missing', { field: 'FILE (or --pallet)' });
  return files;
}

/** Everything is read before anything is sent. */
async function readAll(files: readonly string[]): Promise<readonly PalletEntry[]> {
  const entries: PalletEntry[] = [];
  for (let at = 0; at < files.length; at += OPEN_FILES)
    entries.push(...(await Promise.all(files.slice(at, at + OPEN_FILES).map(readEntry))));
  return entries;
}

/** @throws what refuses the request as a whole */
async function publish(
  node: string,
  token: string,
  { head, part }: { readonly head: object; readonly part: readonly Ready[] },
): Promise<PartAnswer> {
  const body = { ...head, certificates: part.map(({ item }) => item) };
  const fileOf = (item: number): string => part[item]?.file ?? '';
  try {
    const answer = (await callNode(`${node}/v1/pki/certificates`, { method: 'POST', token, body })) as {
      published: readonly { item: number; hash: string; index: number }[];
      rejected: readonly { item: number; code: string }[];
    };
    return {
      published: answer.published.map(({ item, hash, index }) => ({ file: fileOf(item), hash, index })),
      rejected: answer.rejected.map(({ item, code }) => ({ file: fileOf(item), code })),
    };
  } catch (error) {
    // A single certificate that is refused is the node's error; here it is one of a list.
    const isItem = isAppError(error) && String(error.extra.field ?? '').startsWith('/certificates/0');
    if (!isItem || part.length > 1) throw error;
    return { published: [], rejected: [{ file: fileOf(0), code: error.code }] };
  }
}
