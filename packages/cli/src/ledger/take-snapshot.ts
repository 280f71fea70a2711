import { writeSnapshot } from '@attestel/ledger';
import type { Run } from '../command.ts';
import { fail } from '../errors.ts';
import { requiredText } from '../option-values.ts';
import { fromHere } from '../paths.ts';
import { ledgerFolderOf, withStoreAt } from './stored-ledger.ts';

export const run: Run = async ({ values, progress }) => {
  const out = fromHere(requiredText(values, 'out'));
  progress('writing what a node needs to go on from here …');
  const written = await withStoreAt(ledgerFolderOf(values), (store) => write(store, out));
  const { chunks, bytes, height, size } = written;
  return {
    data: { out, chunks, bytes, blocks: height, entries: size },
    text: `Snapshot of block ${height} (${size} entries): ${chunks} files, ${bytes} bytes in ${out}`,
    next: `attestel ledger restore --in ${out} --store FOLDER --policy FILE`,
  };
};

function write(store: Parameters<typeof writeSnapshot>[0], out: string) {
  try {
    return writeSnapshot(store, out);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'EEXIST') throw fail('folder_taken', { field: '--out', cause });
    if (code === 'ENOENT') throw fail('data_missing', { field: 'folder above --out', cause });
    throw cause;
  }
}
