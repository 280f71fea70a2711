import { createLedgerClient } from '@attestel/ledger';
import type { Run } from '../command.ts';
import { nodeOf } from '../node-api.ts';

export const run: Run = async ({ values }) => {
  const checkpoint = await createLedgerClient({ url: nodeOf(values), fetch }).checkpoint();
  return { data: { checkpoint }, text: checkpoint.trimEnd() };
};
