import { buildSubmission } from '@attestel/pki';
import { type Certified, certify, itemOf, serialOf } from './devices.ts';
import {
  admitVendor,
  authorise,
  NETWORK,
  openWorld,
  terms,
  tokenKeyOf,
  vendorScope,
  type World,
} from './world.ts';

export interface PublishedCell {
  readonly world: World;
  readonly cell: Certified;
  publish(number: number): Promise<Certified>;
  /** By the vendor. */
  suspend(): Promise<void>;
}

/** A consortium with a vendor's batch, of which one cell is published. */
export async function publishCell(): Promise<PublishedCell> {
  const world = await openWorld();
  const { v } = world;
  const what = terms(world, await admitVendor(world));
  const batch = await authorise(world, what);
  const accepted = (refusal: string | undefined): void => {
    if (refusal !== undefined) throw new Error(refusal);
  };
  const publish = async (number: number): Promise<Certified> => {
    const made = await certify({ device: serialOf(number) });
    const { operation } = await buildSubmission({
      ...{ network: NETWORK, submitter: v.did, role: 'small-cell', challenge: batch },
      evidence: {
        ...{ anchor: null, scope: vendorScope(v), intermediates: [], tokenKey: tokenKeyOf(v) },
        ...{ batch: { vendor: v.did, terms: what }, source: null },
      },
      items: [itemOf(made, v, batch)],
      notAfter: world.notAfter(),
      signers: [v.signer],
    });
    accepted(await world.send(operation));
    return made;
  };
  const cell = await publish(1);
  return {
    world,
    cell,
    publish,
    async suspend() {
      accepted(
        await world.act('status.suspend', { certificates: [cell.hash], reason: 'key-compromise' }, [v]),
      );
    },
  };
}
