import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fail } from '../errors.ts';
import { DEMO_LEDGER, ENGINE_GENESIS_FILE } from './demo-constants.ts';
import type { World } from './world.ts';

/** Both ledgers would have one name and one history each. @throws AppError data_of_other_driver */
export function assertSameDriver({ driver, options: { dataDir } }: World): void {
  const file = driver === 'cometbft' ? DEMO_LEDGER.folder : ENGINE_GENESIS_FILE;
  if (existsSync(join(dataDir, file))) throw fail('data_of_other_driver', { field: dataDir });
}
