import { AppError, toBase64 } from '@attestel/core';
import { checkStore, type StoreCheck, storedHead } from '@attestel/ledger';
import { LEDGER_RULES } from '@attestel/server';
import type { Run } from '../command.ts';
import { fail } from '../errors.ts';
import { expectedLedger, ledgerFolderOf, withStoreAt } from './stored-ledger.ts';

export const run: Run = async ({ values, progress }) => {
  const expected = await expectedLedger(values);
  const result = await withStoreAt(ledgerFolderOf(values), (store) => {
    const ledger = expected ?? storedHead(store);
    if (!ledger) throw fail('data_missing', { field: 'ledger in the folder' });
    const { network, origin } = ledger;
    return checkStore({ ...LEDGER_RULES, network, origin, store, progress });
  });
  if (!result.ok) throw damaged(result);
  const { ok, head, ...counts } = result;
  const { entries, entriesLeftOut, keys, attachments, attachmentsMissing, alarms } = counts;
  const text = [
    'Every table agrees with every other one.',
    `blocks     ${head?.height ?? 0}`,
    `entries    ${entries}${entriesLeftOut > 0 ? `, and ${entriesLeftOut} as hashes only (from a snapshot)` : ''}`,
    `keys       ${keys}`,
    `documents  ${attachments}${attachmentsMissing > 0 ? `; ${attachmentsMissing} erased or not there` : ''}`,
    ...(alarms > 0
      ? [`alarms     ${alarms}: the log was found at fault; GET /v1/ledger/alarms shows why`]
      : []),
    ...(head ? [`root       ${toBase64(head.root)}`, `state      ${toBase64(head.state)}`] : []),
  ].join('\n');
  const roots = head && { root: toBase64(head.root), state: toBase64(head.state) };
  return {
    data: { ok, blocks: head?.height ?? 0, ...roots, ...counts },
    text,
    ...(entriesLeftOut === 0 ? { next: 'attestel ledger verify, which executes it all again' } : {}),
  };
};

/** Exit code 6. */
const damaged = ({ table, at, rule }: StoreCheck & { ok: false }): AppError =>
  new AppError(
    'store_damaged',
    { kind: 'proof-failed', message: rule },
    { field: `${table}, ${at}`, extra: { table, at, rule } },
  );
