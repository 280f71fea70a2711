import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { toBase64, utf8 } from '@attestel/core';
import { openLmdbStore, proofCrypto, readSnapshotNote, restoreSnapshot } from '@attestel/ledger';
import { LEDGER_RULES } from '@attestel/server';
import type { CommandInput, Run } from '../command.ts';
import { fail } from '../errors.ts';
import { requiredText, textOr } from '../option-values.ts';
import { fromHere } from '../paths.ts';
import { checkNote, trustOf } from './checked-note.ts';

export const run: Run = async ({ values, progress }) => {
  const folder = fromHere(requiredText(values, 'in'));
  const path = fromHere(requiredText(values, 'store'));
  const network = requiredText(values, 'network');
  const trust = await trustOf(values);
  if (!trust) throw fail('argument_missing', { field: '--policy or --key' });
  const note = await noteOf(values, folder);
  const { body, origin, size, root, state } = checkNote(note, trust, 'checkpoint');
  const appHash = proofCrypto.sha256(utf8(body));
  if (existsSync(join(path, 'data.mdb')))
    progress('the folder exists: what is unfinished in it is removed …');
  const store = await openLmdbStore({ path });
  try {
    await restoreSnapshot({
      ...LEDGER_RULES,
      ...{ network, origin, store, folder, checkpoint: note, appHash },
      progress: (done, all) => progress(`${done} of ${all} files`),
    });
  } finally {
    await store.close();
  }
  return {
    data: { store: path, origin, entries: size, root: toBase64(root), state: toBase64(state) },
    text: `The ledger of ${size} entries stands in ${path}; its roots are those of the signed checkpoint.`,
    next: `attestel ledger fsck --store ${path}`,
  };
};

/** Another note of the same head may have more signatures than the one in the snapshot. */
async function noteOf(values: CommandInput['values'], folder: string): Promise<string> {
  const given = textOr(values, 'checkpoint', undefined);
  if (!existsSync(folder)) throw fail('data_missing', { field: '--in' });
  if (given === undefined) return readSnapshotNote(folder);
  try {
    return await readFile(fromHere(given), 'utf8');
  } catch (cause) {
    throw fail('data_missing', { field: '--checkpoint', cause });
  }
}
