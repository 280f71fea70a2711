import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isAppError } from '@attestel/core';
import { readIdentity } from '@attestel/server/data-folder';
import { openKeys } from '../data-folder.ts';
import type { Finding } from './finding.ts';

/** Every party's key file opens with the passphrase at hand. */
export async function keys(dataDir: string): Promise<Finding> {
  const entries = await readdir(dataDir, { withFileTypes: true }).catch(() => []);
  const faults: string[] = [];
  let readable = 0;
  for (const { name } of entries.filter((entry) => entry.isDirectory())) {
    try {
      const folder = join(dataDir, name);
      if (!(await readIdentity(folder))) continue;
      await openKeys(folder);
      readable += 1;
    } catch (error) {
      faults.push(`${name}: ${isAppError(error) ? error.message : 'not readable'}`);
    }
  }
  return {
    check: 'keys',
    ok: faults.length === 0,
    says:
      faults.length > 0
        ? `${faults.join('; ')}; is ATTESTEL_PASSPHRASE right?`
        : readable > 0
          ? `of ${readable} parties, readable`
          : 'no parties yet: npm start makes them',
  };
}
