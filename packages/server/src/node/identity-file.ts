import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Bytes, type CborValue, decodeCbor, encodeCbor } from '@attestel/core';
import { writeFileDurably } from './write-file-durably.ts';

/** Who a party is, once its DID exists. A file of its own, so that commands can act without the database. */
export interface PartyIdentity {
  readonly did: string;
  /** DID URL of the key that signs credentials, request objects and API tokens. */
  readonly kid: string;
  /** Key store names of that key and of the one that signs ledger operations. */
  readonly assertionKey: string;
  readonly ledgerKey: string;
  /** The encoded, signed operation that anchors the DID. */
  readonly createOperation: Bytes;
  /** X.509 chain for the assertion key, leaf first, without the anchor; empty for parties that need none. */
  readonly certificates: readonly Bytes[];
}

const fileIn = (dataDir: string): string => join(dataDir, 'identity.cbor');

export async function readIdentity(dataDir: string): Promise<PartyIdentity | undefined> {
  const bytes = await readFile(fileIn(dataDir)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  return bytes && (decodeCbor(new Uint8Array(bytes)) as unknown as PartyIdentity);
}

export const writeIdentity = (dataDir: string, identity: PartyIdentity): Promise<void> =>
  writeFileDurably(fileIn(dataDir), encodeCbor({ ...identity } as { [field: string]: CborValue }));
