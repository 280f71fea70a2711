import { type CborValue, unixSeconds } from '@attestel/core';
import type { Ledger } from '@attestel/ledger';
import { buildPkiOperation, createPublisher, ensureTokenKey, type Pki, type Publisher } from '@attestel/pki';
import { fail } from '../../errors.ts';
import type { Party } from '../../node/open-party.ts';
import { ledgerSigner, type Provisioned } from '../provision.ts';
import type { World } from '../world.ts';

/** What the demo's equipment is made with. */
export interface EquipmentContext {
  readonly world: World;
  readonly ledger: Ledger;
  readonly pki: Pki;
  /** Whose operators run the networks; the first receives the vendor's goods. */
  readonly operators: readonly Provisioned[];
  readonly vendor: Provisioned;
  /** Keys and certificates of devices, which have a folder of their own: no member sees a device's key. */
  readonly devices: Party;
}

const OPERATION_SECONDS = 3600;

/** Submits an operation of module `pki` that all of these members sign; the first acts. @throws provisioning_refused */
export async function pkiChange(
  { ledger, world }: EquipmentContext,
  kind: string,
  body: { [field: string]: CborValue },
  by: readonly Provisioned[],
): Promise<void> {
  const operation = await buildPkiOperation({
    kind,
    body: { v: 1, ...body },
    actor: (by[0] as Provisioned).identity.did,
    previous: null,
    network: world.network,
    notAfter: Math.max(ledger.head().time, unixSeconds(world.clock)) + OPERATION_SECONDS,
    signers: await Promise.all(by.map(ledgerSigner)),
  });
  const [result] = await ledger.submit([operation]);
  if (!result?.ok)
    throw fail('provisioning_refused', {
      field: kind,
      cause: result?.error,
      detail: result?.error.code ?? '',
    });
}

export async function publisherOf(
  { ledger, pki, world }: EquipmentContext,
  who: Provisioned,
): Promise<Publisher> {
  return createPublisher({
    ...{ ledger, pki, did: who.identity.did, clock: world.clock, random: world.random },
    signer: await ledgerSigner(who),
    tokenKey: await ensureTokenKey(who.party.keyStore),
  });
}
