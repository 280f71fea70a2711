import { compactStore } from '@attestel/ledger';
import type { Run } from '../command.ts';
import { assertLedgerFolder, ledgerFolderOf } from './stored-ledger.ts';

export const run: Run = async ({ values, progress }) => {
  const path = ledgerFolderOf(values);
  assertLedgerFolder(path);
  progress('copying without free pages, then comparing every record …');
  const { bytesBefore, bytesAfter, records } = await compactStore(path);
  return {
    data: { store: path, bytesBefore, bytesAfter, records },
    text: `${records} records: ${bytesBefore} bytes before, ${bytesAfter} now.`,
    next: 'start the node again',
  };
};
