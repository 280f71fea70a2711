import { join } from 'node:path';
import { type Random, toHex } from '@attestel/core';
import { parseDid } from '@attestel/did';
import { readIdentity } from '../node/identity-file.ts';
import { DEMO_LEDGER } from './demo-constants.ts';

const LABEL_BYTES = 4;

/**
 * Label of the folder's network: made once, and from then on part of every DID and operation. A label names
 * one genesis (specs/ledger.md §1): were it the same in two folders, what a party signed for one ledger
 * would count on the other. The party that orders the ledger is the first to get its DID.
 */
export async function demoNetwork(dataDir: string, random: Random): Promise<string> {
  const first = await readIdentity(join(dataDir, DEMO_LEDGER.sequencer));
  return first ? parseDid(first.did).network : `demo-${toHex(random.bytes(LABEL_BYTES))}`;
}
