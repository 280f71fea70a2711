import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Bytes, decodeCbor, encodeCbor } from '@attestel/core';
import { writeFileDurably } from '../node/write-file-durably.ts';

const fileIn = (dataDir: string): string => join(dataDir, 'genesis.cbor');

/** The genesis of the folder's ledger as encoded operations; undefined before its first start. */
export async function readGenesis(dataDir: string): Promise<readonly Bytes[] | undefined> {
  const bytes = await readFile(fileIn(dataDir)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error; // a file that cannot be read is not a file that is not there
  });
  return bytes && (decodeCbor(new Uint8Array(bytes)) as readonly Bytes[]);
}

export const writeGenesis = (dataDir: string, operations: readonly Bytes[]): Promise<void> =>
  writeFileDurably(fileIn(dataDir), encodeCbor([...operations]));
