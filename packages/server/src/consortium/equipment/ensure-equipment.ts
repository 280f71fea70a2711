import { join } from 'node:path';
import type { Bytes } from '@attestel/core';
import type { Ledger } from '@attestel/ledger';
import { createPki } from '@attestel/pki';
import { openParty } from '../../node/open-party.ts';
import type { DemoEquipment } from '../../start-page/equipment.ts';
import { DEMO_PASSPHRASE, DEMO_SCRYPT_N } from '../demo-constants.ts';
import { DEMO_VENDOR } from '../parties.ts';
import type { Provisioned } from '../provision.ts';
import type { World } from '../world.ts';
import { CELLS, ensureCells, ensureSuspended } from './cells.ts';
import type { EquipmentContext } from './equipment-context.ts';
import { ensureGateway, ensureRelation, ensureSliceFunction } from './networks.ts';
import { ensureOperatorCa, networkOf, SHARED_SLICES } from './operator-ca.ts';

const FOLDER = 'equipment';

/**
 * A vendor's batch with three cells of which one is suspended, a gateway for each of two operators, and two slices
 * that they run together. Made once; what an interrupted start left out is made at the next.
 */
export async function ensureEquipment(
  world: World,
  ledger: Ledger,
  founders: readonly Provisioned[],
): Promise<readonly DemoEquipment[]> {
  const vendor = founders.find(({ id }) => id === DEMO_VENDOR.id) as Provisioned;
  const operators = founders.filter(({ roles }) => roles.includes('operator')).slice(0, 2);
  const dataDir = join(world.options.dataDir, FOLDER);
  const devices = await openParty({ dataDir, passphrase: DEMO_PASSPHRASE, scryptN: DEMO_SCRYPT_N });
  const context = { world, ledger, pki: createPki(ledger), operators, vendor, devices };
  try {
    return [...(await cells(context)), ...(await networks(context))];
  } finally {
    await devices.close();
  }
}

async function cells(context: EquipmentContext): Promise<readonly DemoEquipment[]> {
  const certificates = await ensureCells(context);
  await ensureSuspended(context, certificates.at(-1) as Bytes);
  const { name: owner } = context.vendor;
  return certificates.map((certificate, i) => ({
    ...{ kind: 'cell', label: CELLS[i] as string, owner, certificate },
  }));
}

async function networks(context: EquipmentContext): Promise<readonly DemoEquipment[]> {
  const made: DemoEquipment[] = [];
  const authorities = [];
  for (const [place, { name: owner }] of context.operators.entries()) {
    const ca = await ensureOperatorCa(context, place);
    authorities.push(ca);
    const label = `segw1.${networkOf(place).domain}`;
    made.push({ kind: 'gateway', label, owner, certificate: await ensureGateway(context, place, ca) });
    for (const slice of SHARED_SLICES) {
      const certificate = await ensureSliceFunction(context, place, ca, slice);
      made.push({ kind: 'slice', label: slice, owner, certificate });
    }
  }
  const [first, second] = authorities;
  // One operator alone has nobody to share a slice with.
  if (first && second) await ensureRelation(context, [first, second]);
  return made;
}
