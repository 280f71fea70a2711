import { join } from 'node:path';
import { unixSeconds } from '@attestel/core';
import { createLedgerResolver } from '@attestel/did';
import { decodeOperation, type Ledger, type Operation } from '@attestel/ledger';
import { fail } from '../../errors.ts';
import { openParty, type Party } from '../../node/open-party.ts';
import { DEMO_PASSPHRASE, DEMO_SCRYPT_N } from '../demo-constants.ts';
import { makeIdentity, type Provisioned } from '../provision.ts';
import type { World } from '../world.ts';
import { PARTICIPANTS } from './participants.ts';

/** Opens the folders of all participants, in their order. */
export const openParticipants = (world: World): Promise<readonly Party[]> =>
  Promise.all(
    PARTICIPANTS.map(({ id }) =>
      openParty({
        dataDir: join(world.options.dataDir, id),
        passphrase: DEMO_PASSPHRASE,
        scryptN: DEMO_SCRYPT_N,
      }),
    ),
  );

/**
 * Participants whose DIDs are on the ledger. An interrupted start goes on with the DID that it made, or with another
 * one where the ledger takes that one's first operation no longer. @throws provisioning_refused
 */
export async function ensureParticipants(
  world: World,
  ledger: Ledger,
  parties: readonly Party[],
): Promise<readonly Provisioned[]> {
  const resolver = createLedgerResolver(ledger);
  const missing: Operation[] = [];
  const made: Provisioned[] = [];
  for (const [i, demo] of PARTICIPANTS.entries()) {
    const party = parties[i] as Party;
    const known = party.identity();
    const isThere = known && (await resolver.resolve(known.did)).didDocument !== null;
    const identity =
      known && (isThere || isTakenStill(known.createOperation, world, ledger))
        ? known
        : await makeIdentity(party, world);
    if (!isThere) missing.push(decodeOperation(identity.createOperation));
    made.push({ ...demo, party, identity });
  }
  if (missing.length > 0) {
    const refused = (await ledger.submit(missing)).find((result) => !result.ok);
    if (refused && !refused.ok)
      throw fail('provisioning_refused', {
        field: 'create',
        cause: refused.error,
        detail: refused.error.code,
      });
  }
  return made;
}

const MARGIN_SECONDS = 60;

const isTakenStill = (operation: Uint8Array, { clock }: World, ledger: Ledger): boolean =>
  decodeOperation(operation).payload.notAfter >
  Math.max(ledger.head().time, unixSeconds(clock)) + MARGIN_SECONDS;
