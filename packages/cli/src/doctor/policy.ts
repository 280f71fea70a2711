import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ProofError, parsePolicy } from '@attestel/proof';
import { DEMO_LEDGER } from '@attestel/server/data-folder';
import type { Finding } from './finding.ts';

/** Where the policy is that `--policy` wants, and that it is one. */
export async function policy(dataDir: string): Promise<Finding> {
  const path = join(dataDir, DEMO_LEDGER.policyFile);
  const check = 'policy';
  try {
    const { origin, witnesses } = parsePolicy(await readFile(path, 'utf8'), sha256);
    return {
      check,
      ok: true,
      says: `${path}: ${origin}, ${witnesses.length} witness${witnesses.length === 1 ? '' : 'es'}`,
    };
  } catch (error) {
    if (error instanceof ProofError) return { check, ok: false, says: `${path}: ${error.message}` };
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT')
      return { check, ok: false, says: `${path} cannot be read` };
    return { check, ok: true, says: `none yet: npm start writes ${path}` };
  }
}

/** Without the ledger's code, which doctor may find missing. */
const sha256 = (bytes: Uint8Array): Uint8Array => new Uint8Array(createHash('sha256').update(bytes).digest());
