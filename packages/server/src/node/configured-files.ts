import { readFile } from 'node:fs/promises';
import type { Bytes } from '@attestel/core';
import { proofCrypto } from '@attestel/ledger';
import { type Policy, ProofError, parsePolicy } from '@attestel/proof';
import { fail } from '../errors.ts';

/** A file that the configuration names in `field`. @throws AppError file_unreadable */
export async function readConfiguredFile(path: string, field: string): Promise<Bytes> {
  try {
    return new Uint8Array(await readFile(path));
  } catch (cause) {
    throw fail('file_unreadable', { field, cause });
  }
}

/** @throws AppError file_unreadable, config_invalid */
export async function readPolicyFile(path: string, field: string): Promise<Policy> {
  const bytes = await readConfiguredFile(path, field);
  try {
    return parsePolicy(Buffer.from(bytes).toString('utf8'), proofCrypto.sha256);
  } catch (cause) {
    if (!(cause instanceof ProofError)) throw cause;
    throw fail('config_invalid', { field: `${field} (${cause.message})` });
  }
}
