import type { OwnDispute } from '@attestel/scenarios';
import type { Run } from '../command.ts';
import { dataNode } from '../data/data-node.ts';

export const run: Run = async ({ values }) => {
  const node = await dataNode(values);
  const found = (await node.get(['disputes'])) as { readonly disputes: readonly OwnDispute[] };
  const lines = found.disputes.map(
    ({ line, channel, object, status, reasons }) =>
      `${line}\n  object ${object} in ${channel}: ${reasons.join(', ')}; on the ledger: ${status}`,
  );
  if (lines.length === 0) return { data: found, text: 'No disputes.' };
  const next = 'where a line may stand all the same: attestel contract accept LINE --as PARTY';
  return { data: found, text: lines.join('\n'), next };
};
