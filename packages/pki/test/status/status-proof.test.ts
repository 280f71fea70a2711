import { encodeCbor } from '@attestel/core';
import { createLedgerTrust, type LedgerTrust } from '@attestel/did/verify';
import { createCheckpointCache, formatPolicy } from '@attestel/proof';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { anchors } from '../../src/state/records.ts';
import {
  decodeStatusProof,
  encodeStatusProof,
  proveStatus,
  type StatusProof,
  type Under,
  verifyStatusProof,
} from '../../src/status/status-proof.ts';
import { encodeStatusSet } from '../../src/status/status-set.ts';
import { createStatusSetSource } from '../../src/status/status-set-source.ts';
import { type PublishedCell, publishCell } from '../ledger/published-cell.ts';

let published: PublishedCell;
let setOf: ReturnType<typeof createStatusSetSource>;
const NONE: Under = { anchors: [], batches: [] };

beforeAll(async () => {
  published = await publishCell();
  setOf = createStatusSetSource(published.world.ledger);
  await published.publish(2);
});

const trust = (more: Partial<LedgerTrust> = {}): LedgerTrust => ({
  ...createLedgerTrust({
    policy: formatPolicy(published.world.policy),
    now: published.world.now,
    maxAgeSeconds: 60,
  }),
  cache: createCheckpointCache(),
  ...more,
});
const proof = (known?: Uint8Array, under = NONE): StatusProof =>
  decodeStatusProof(encodeStatusProof(proveStatus(published.world.ledger.proofs, under, { setOf, known })));

describe('a status set with its proof', () => {
  it('says of every certificate whether its status is another than good', async () => {
    const before = await verifyStatusProof(proof(), trust());
    expect(before.bits.isNotGood(0)).toBe(false);
    await published.suspend();
    const after = await verifyStatusProof(proof(), trust());
    expect([0, 1, 2].map(after.bits.isNotGood)).toEqual([true, false, false]);
    expect(after.root).not.toEqual(before.root);
  });

  it('comes with the anchors that are asked about, and with none that are not', async () => {
    const anchor = published.world.pki.certificate(published.cell.hash)?.anchor as Uint8Array;
    const under = { anchors: [anchor], batches: [] };
    const { state } = await verifyStatusProof(proof(undefined, under), trust());
    expect(anchors.get(state, anchor)).toMatchObject({ suspended: null });
    const { state: bare } = await verifyStatusProof(proof(), trust());
    expect(() => anchors.get(bare, anchor)).toThrow(expect.objectContaining({ code: 'proof_incomplete' }));
  });

  it('does not travel twice', async () => {
    const held = await verifyStatusProof(proof(), trust());
    const again = proof(held.root);
    expect(again.set).toBeNull();
    expect((await verifyStatusProof(again, trust(), held)).bits).toBe(held.bits);
    const other = { ...held, root: new Uint8Array(32) };
    for (const wrong of [undefined, other]) {
      await expect(verifyStatusProof(again, trust(), wrong)).rejects.toMatchObject({
        code: 'pki_status_set_invalid',
        field: 'known',
      });
    }
  });

  it('is refused with a certificate more or less in it, and where it wants more memory than there are certificates', async () => {
    const { receipts } = proof();
    for (const set of [encodeStatusSet(0, []), encodeStatusSet(2, [0, 1]), encodeStatusSet(2, [1])]) {
      await expect(verifyStatusProof({ set, receipts }, trust())).rejects.toMatchObject({
        code: 'pki_status_set_invalid',
      });
    }
    const huge = encodeStatusSet(900_000_000, []);
    await expect(verifyStatusProof({ set: huge, receipts }, trust())).rejects.toMatchObject({
      code: 'pki_status_set_invalid',
    });
  });

  it('is refused when it is too old, and when it is of something else', async () => {
    const then = proof();
    const late = { now: () => published.world.now() + 61 };
    await expect(verifyStatusProof(then, trust(late))).rejects.toMatchObject({ code: 'checkpoint_stale' });
    const receipts = then.receipts.slice(1);
    await expect(verifyStatusProof({ ...then, receipts }, trust())).rejects.toMatchObject({
      kind: 'proof-failed',
    });
  });

  it('of any bytes is read or refused', () => {
    const hostile = fc.oneof(
      fc.uint8Array({ maxLength: 100 }),
      fc.anything().map((value) => {
        try {
          return encodeCbor(value as never);
        } catch {
          return new Uint8Array();
        }
      }),
    );
    fc.assert(
      fc.property(hostile, (bytes) => {
        expect(() => decodeStatusProof(bytes)).toThrow(
          expect.objectContaining({ code: 'pki_proof_malformed' }),
        );
      }),
    );
  });
});
