import type { OutboxEntry } from '@attestel/scenarios';
import type { Run } from '../command.ts';
import { dataNode } from '../data/data-node.ts';

export const run: Run = async ({ values }) => {
  const node = await dataNode(values);
  const found = (await node.get(['deliveries'])) as { readonly deliveries: readonly OutboxEntry[] };
  const lines = found.deliveries.map(
    ({ to, kind, channel, line, attempts, lastError }) =>
      `${to}\n  ${kind} ${line} in ${channel}, tried ${attempts} times since the node started: ${lastError ?? 'on its way'}`,
  );
  return { data: found, text: lines.length > 0 ? lines.join('\n') : 'Everything has arrived.' };
};
