import { writeFile } from 'node:fs/promises';
import type { BenchResult } from '../result.ts';
import { createTemporaryFolder } from '../temporary-folder.ts';
import { KEYS_PER_OPERATION } from './fill.ts';
import { type GrowthPoint, measureGrowth } from './growth.ts';
import { drawGrowth } from './picture.ts';
import { measureReceipts } from './receipts.ts';

/** Keys in the state. */
const SIZES = [10_000, 100_000, 1_000_000];
const PICTURE = new URL('../../../../specs/pictures/ledger-growth.svg', import.meta.url);

/**
 * Receipts from a ledger of a million keys under a policy of three in four operators, and how a ledger grows on the
 * way there. `picture`: also draws the growth into specs/pictures.
 */
export async function run({ picture = false } = {}): Promise<BenchResult> {
  const folder = await createTemporaryFolder();
  try {
    const growth = await measureGrowth(folder.path, SIZES);
    if (picture) await writeFile(PICTURE, drawGrowth(growth, noteOf(growth)));
    const last = growth.at(-1)?.operations ?? 0;
    const receipts = await measureReceipts(folder.path, last);
    return { name: 'receipt', figures: { ...receipts, ...growthFigures(growth) }, peers: {}, ratios: {} };
  } finally {
    await folder.remove();
  }
}

const noteOf = (growth: readonly GrowthPoint[]): string =>
  `Keys in the state, ${KEYS_PER_OPERATION} of them written by an operation of the size of a DID's creation. ${growth.at(-1)?.operations.toLocaleString('en')} operations at the right.`;

function growthFigures(points: readonly GrowthPoint[]): Record<string, number> {
  return Object.fromEntries(
    points.flatMap(({ keys, bytesPerOperation, rssMegabytes, openMs, fillPerSecond }) => [
      [`disk_bytes_per_operation_at_${keys}`, bytesPerOperation],
      [`rss_mb_at_${keys}`, rssMegabytes],
      [`open_ms_at_${keys}`, openMs],
      [`fill_operations_per_s_to_${keys}`, fillPerSecond],
    ]),
  );
}
