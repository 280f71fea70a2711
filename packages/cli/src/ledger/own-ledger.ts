import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Bytes, decodeCbor } from '@attestel/core';
import { parseDid } from '@attestel/did';
import { decodeOperation } from '@attestel/ledger';
import { DEMO_LEDGER, readGenesis, readIdentity } from '@attestel/server/data-folder';
import { fail } from '../errors.ts';

/** Network of the data folder's ledger, as the DID of who orders it says. @throws data_missing */
export async function ownNetwork(dataDir: string): Promise<string> {
  const identity = await readIdentity(join(dataDir, DEMO_LEDGER.sequencer));
  if (!identity) throw fail('data_missing', { field: `${DEMO_LEDGER.sequencer} in the data folder` });
  return parseDid(identity.did).network;
}

/** Ids of the operations that the data folder's ledger began with. @throws data_missing */
export async function ownGenesis(dataDir: string): Promise<readonly Bytes[]> {
  const operations = await readGenesis(dataDir);
  if (!operations) throw fail('data_missing', { field: 'genesis in the data folder' });
  return operations.map((bytes) => decodeOperation(bytes).id);
}

/** The same from a file that a member was given. @throws option_invalid */
export async function genesisOfFile(path: string): Promise<readonly Bytes[]> {
  try {
    const operations = decodeCbor(new Uint8Array(await readFile(path))) as readonly Bytes[];
    return operations.map((bytes) => decodeOperation(bytes).id);
  } catch (cause) {
    throw fail('option_invalid', { field: '--genesis', cause });
  }
}
