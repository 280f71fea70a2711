import { systemRandom, toHex } from '@attestel/core';
import type { ContractNode } from './contract-node.ts';

/** Readings per second of batches that are sent one after another: each checked, flagged, hashed into its root, kept. */
export async function submitBatches(
  { host, party }: ContractNode,
  { batches, size }: { readonly batches: number; readonly size: number },
): Promise<number> {
  const id = toHex(systemRandom.bytes(16));
  const submit = async (batch: number): Promise<void> => {
    const items = Array.from({ length: size }, (_, i) => ({
      sensor: `sensor-${i % 100}`,
      value: `${(batch * size + i) % 50}.${i % 10}`,
    }));
    const data = { head: { site: 'site-1' }, items };
    await host.run({
      ...{ channel: 'main', module: 'bench.readings@1', command: 'submit' },
      id,
      data,
      actor: party.did,
    });
  };
  await submit(0);
  const start = performance.now();
  for (let batch = 1; batch <= batches; batch++) await submit(batch);
  return (batches * size) / ((performance.now() - start) / 1000);
}
