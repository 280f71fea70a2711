import { AppError, type Bytes } from '@attestel/core';
import type { Ledger } from '@attestel/ledger';
import type { SubmissionRequest } from '@attestel/pki';
import { beforeEach, describe, expect, it } from 'vitest';
import { publishParts } from '../../../src/front/json/publish-parts.ts';
import { certify, freshKey, itemOf, serialOf } from '../../ledger/devices.ts';
import {
  admitVendor,
  authorise,
  NETWORK,
  openWorld,
  terms,
  tokenKeyOf,
  vendorScope,
  type World,
} from '../../ledger/world.ts';

let world: World;
let batch: Bytes;
let evidence: SubmissionRequest['evidence'];
beforeEach(async () => {
  world = await openWorld();
  const what = terms(world, await admitVendor(world));
  batch = await authorise(world, what);
  evidence = {
    ...{ anchor: null, scope: vendorScope(world.v), intermediates: [], tokenKey: tokenKeyOf(world.v) },
    ...{ batch: { vendor: world.v.did, terms: what }, source: null },
  };
});

/** Parts with a good certificate and one whose possession is not proven. */
const partsOf = (count: number): Promise<SubmissionRequest[]> =>
  Promise.all(
    Array.from({ length: count }, async (_, number): Promise<SubmissionRequest> => {
      const made = await certify({ device: serialOf(number + 1) });
      const other = await certify({ device: serialOf(50 + number) });
      return {
        ...{ network: NETWORK, submitter: world.v.did, role: 'small-cell', challenge: batch, evidence },
        items: [
          itemOf(made, world.v, batch),
          { ...itemOf(other, world.v, batch), possession: freshKey().sign(made.hash) },
        ],
        part: { submission: new Uint8Array(16), number },
        ...{ notAfter: world.notAfter(), signers: [world.v.signer] },
      };
    }),
  );

/** The world's ledger, which refuses some submissions, by their number. */
const refusing = (refused: (number: number) => boolean): Ledger => {
  let number = 0;
  return {
    ...world.ledger,
    submit: async (operations) => {
      if (!refused(number++)) return world.ledger.submit(operations);
      const error = new AppError('ledger_busy', { kind: 'too-many', message: 'busy' });
      return operations.map(({ id }) => ({ ok: false, id, error }));
    },
  };
};

const shown = async (ledger: Ledger, count: number) =>
  (await publishParts(ledger, await partsOf(count))).map((one) => (one.ok ? one.index : one.code));

describe('parts of a pallet', () => {
  it('are published in order, each item with its own answer', async () => {
    const wrong = 'pki_possession_invalid';
    expect(await shown(world.ledger, 4)).toEqual([0, wrong, 1, wrong, 2, wrong, 3, wrong]);
  });

  it('leave what is published published, and told, where another part is refused as a whole', async () => {
    const wrong = 'pki_possession_invalid';
    const ledger = refusing((number) => number === 1);
    expect(await shown(ledger, 3)).toEqual([0, wrong, 'ledger_busy', 'ledger_busy', 1, wrong]);
  });

  it('throw what refused them all', async () => {
    await expect(
      shown(
        refusing(() => true),
        3,
      ),
    ).rejects.toMatchObject({ code: 'ledger_busy' });
  });

  it('give codes where nothing of a part is left', async () => {
    const [part] = (await partsOf(1)) as [SubmissionRequest];
    const bad = { ...part, items: part.items.slice(1) };
    expect(await publishParts(world.ledger, [bad])).toEqual([{ ok: false, code: 'pki_possession_invalid' }]);
  });
});
