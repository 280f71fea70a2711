import { storedHead } from '@attestel/ledger';
import type { CommandInput } from '../command.ts';
import { fail } from '../errors.ts';
import { ledgerFolderOf, withStoreAt } from './stored-ledger.ts';

/** The head's checkpoint as the folder has it. @throws data_missing where there is none, or nobody signed it */
export const storedNote = (values: CommandInput['values']): Promise<string> =>
  withStoreAt(ledgerFolderOf(values), (store) => {
    const note = storedHead(store)?.checkpoint ?? '';
    if (note === '') throw fail('data_missing', { field: 'signed checkpoint in the ledger' });
    return note;
  });
