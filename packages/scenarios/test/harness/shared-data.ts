import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe } from 'vitest';

const ROOT = process.env.ATTESTEL_SHARED ?? resolve(import.meta.dirname, '../../../../../shared');

/** Path of a data set that others made and that is no part of the project. */
export const sharedPath = (name: string): string => join(ROOT, 'data', name);

/** A suite that needs such a data set. Where it is absent, the title says so, and CI takes that for no failure. */
export function describeWithShared(title: string, name: string, body: () => void): void {
  const isThere = existsSync(sharedPath(name));
  describe.skipIf(!isThere)(isThere ? title : `${title} (skipped: shared data absent)`, body);
}
