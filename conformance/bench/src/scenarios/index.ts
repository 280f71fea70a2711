import { rawDurableWrites, rawSignatures } from '../ledger/limits.ts';
import type { BenchResult } from '../result.ts';
import { submitBatches } from './batches.ts';
import { type ContractNode, openContractNode } from './contract-node.ts';
import { measureLatency } from './latency.ts';
import { fillObjects } from './many-objects.ts';
import { measureCommands, round, shareOf } from './measure-commands.ts';
import { readings, thing } from './modules.ts';
import { settleRows } from './settlement.ts';

interface Sizes {
  readonly rounds: number;
  /** Commands of a round, and half as many lines alone. */
  readonly commands: number;
  readonly batches: { readonly batches: number; readonly size: number };
  readonly usageRows: number;
  readonly objects: number;
  readonly queries: number;
}

const FULL: Sizes = {
  ...{ rounds: 5, commands: 20_000, batches: { batches: 10, size: 10_000 } },
  ...{ usageRows: 100_000, objects: 1_000_000, queries: 500 },
};
const SMALL: Sizes = {
  ...{ rounds: 3, commands: 400, batches: { batches: 2, size: 1000 } },
  ...{ usageRows: 2000, objects: 3000, queries: 20 },
};

/**
 * A contract host as a node runs it, alone: commands from the call to the durable answer beside the lines that they
 * write without a host, in turns; then batches, settlement, everything done again from the ledger, and reading with a
 * million objects.
 */
export async function run({ small }: { readonly small: boolean }): Promise<BenchResult> {
  const sizes = small ? SMALL : FULL;
  const limits = { signatures: await rawSignatures(), writes: await rawDurableWrites() };
  const node = await openContractNode([thing, readings]);
  try {
    const commands = await measureCommands(node, sizes);
    const replay = measureReplay(node);
    const readingsPerSecond = await submitBatches(node, sizes.batches);
    const seconds = settleRows(sizes.usageRows);
    const reading = await measureReading(node, sizes);
    return {
      name: 'scenarios',
      figures: {
        ...commands.figures,
        readings_per_s: Math.round(readingsPerSecond),
        settlement_rows: sizes.usageRows,
        settlement_s: round(seconds),
        settlement_rows_per_s: Math.round(sizes.usageRows / seconds),
        ...replay,
        ...reading,
      },
      peers: {
        "the ledger's lines alone (wall)": Math.round(commands.lines),
        'signatures alone, all processors (wall)': Math.round(limits.signatures),
        'durable LMDB batches alone (wall)': Math.round(limits.writes),
      },
      ratios: commands.ratios,
    };
  } finally {
    await node.close();
  }
}

function measureReplay({ host }: ContractNode): Readonly<Record<string, number>> {
  const start = performance.now();
  const { payloads, faults } = host.verify();
  const seconds = (performance.now() - start) / 1000;
  if (faults.length > 0) throw new Error(`bench: what is kept is not what was done: ${faults[0]?.what}`);
  return {
    replay_lines: payloads,
    replay_s: round(seconds),
    replay_lines_per_s: Math.round(payloads / seconds),
  };
}

async function measureReading(node: ContractNode, { objects, queries }: Sizes) {
  const ids = await fillObjects(node, 0, objects);
  const { get, one, page } = await measureLatency(node, { ids, objects, count: queries });
  const start = performance.now();
  const again = await node.openHost();
  const opened = (performance.now() - start) / 1000;
  await again.close();
  return {
    filled_objects: objects,
    ...percentiles('get_by_id', get),
    ...percentiles('find_one', one),
    ...percentiles('list_100', page),
    open_host_s: round(opened),
  };
}

const percentiles = (name: string, taken: readonly number[]): Readonly<Record<string, number>> => ({
  [`${name}_p50_ms`]: round(shareOf(taken, 0.5)),
  [`${name}_p95_ms`]: round(shareOf(taken, 0.95)),
});
