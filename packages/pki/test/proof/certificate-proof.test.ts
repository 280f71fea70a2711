import { utf8 } from '@attestel/core';
import { createLedgerTrust, type LedgerTrust } from '@attestel/did/verify';
import { createCheckpointCache, formatPolicy } from '@attestel/proof';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  type CertificateProof,
  decodeCertificateProof,
  encodeCertificateProof,
  verifyCertificateProof,
} from '../../src/proof/certificate-proof.ts';
import { proveCertificate } from '../../src/proof/prove-certificate.ts';
import { type Certified, certify, serialOf } from '../ledger/devices.ts';
import { type PublishedCell, publishCell } from '../ledger/published-cell.ts';
import { DAY, type World } from '../ledger/world.ts';

let world: World;
let cell: Certified;
let publish: PublishedCell['publish'];

beforeAll(async () => {
  ({ world, cell, publish } = await publishCell());
});

const trust = (more: Partial<LedgerTrust> = {}): LedgerTrust => ({
  ...createLedgerTrust({ policy: formatPolicy(world.policy), now: world.now, maxAgeSeconds: 600 }),
  cache: createCheckpointCache(),
  ...more,
});
const proofOf = (what: Certified): CertificateProof =>
  decodeCertificateProof(
    encodeCertificateProof(proveCertificate(world.ledger.proofs, what.hash, world.now())),
  );
const verdictOf = async (what: Certified, proof = proofOf(what)) =>
  (await verifyCertificateProof(what.certificate, proof, trust())).verdict;

describe('a proof of a certificate', () => {
  it('P6: says offline what the ledger says, of now and of a day before', async () => {
    const before = world.now();
    expect(await verdictOf(cell)).toBe('good');
    world.later(10 * DAY);
    const other = await publish(2);
    expect(await verdictOf(other)).toBe('good');
    const proof = decodeCertificateProof(
      encodeCertificateProof(proveCertificate(world.ledger.proofs, cell.hash, before)),
    );
    const then = await verifyCertificateProof(cell.certificate, proof, trust(), before);
    expect(then).toMatchObject({ verdict: 'good', at: before, checkpointTime: world.now() });
    const earlier = await verifyCertificateProof(cell.certificate, proof, trust(), before - DAY);
    expect(earlier.verdict).toBe('unknown');
  });

  it('P6: says of a day on which its batch or its anchor was suspended that it was', async () => {
    const { batch, anchor } = world.pki.certificate(cell.hash) ?? {};
    if (!batch || !anchor) throw new Error('not published');
    const both = [world.v, world.a, world.b];
    const voters = [world.a.did, world.b.did];
    const days: number[] = [];
    const lastOn = (of: 'batch' | 'anchor') =>
      (of === 'batch' ? world.pki.batch(batch) : world.pki.anchor(anchor))?.operation ?? null;
    const act = async (of: 'batch' | 'anchor', verb: 'suspend' | 'resume') => {
      world.later(DAY);
      const id = of === 'batch' ? { batch } : { anchor };
      const reason = { reason: 'ca-compromise', ...(of === 'anchor' ? { voters: [world.v.did] } : {}) };
      const body = { ...id, ...(verb === 'suspend' ? reason : { voters }) };
      expect(await world.act(`${of}.${verb}`, body, both, lastOn(of))).toBeUndefined();
      days.push(world.now());
    };
    for (const of of ['batch', 'anchor', 'batch'] as const) {
      await act(of, 'suspend');
      await act(of, 'resume');
    }
    const verdictOn = async (at: number) => {
      const proof = proveCertificate(world.ledger.proofs, cell.hash, at);
      return (await verifyCertificateProof(cell.certificate, proof, trust(), at)).verdict;
    };
    const verdicts = await Promise.all(days.map(verdictOn));
    const [batchSuspended, anchorSuspended] = ['batch-suspended', 'anchor-suspended'];
    expect(verdicts).toEqual([batchSuspended, 'good', anchorSuspended, 'good', batchSuspended, 'good']);
    expect(await verdictOn((days[0] as number) - 1)).toBe('good');
    expect(await verdictOf(cell)).toBe('good');
  });

  it('proves that a certificate is not published', async () => {
    const rogue = await certify({ device: serialOf(3) });
    expect(await verdictOf(rogue)).toBe('unknown');
  });

  it('is of one certificate: another one’s says nothing of it, whatever its serial', async () => {
    const rogue = await certify({ device: serialOf(1) });
    await expect(verdictOf(rogue, proofOf(cell))).rejects.toMatchObject({ code: 'receipt_wrong_subject' });
  });

  it('is worthless when it is too old, of another ledger, or lacks a part', async () => {
    const proof = proofOf(cell);
    const check = (what: CertificateProof, by = trust()) =>
      verifyCertificateProof(cell.certificate, what, by);
    const late = trust({ now: () => world.now() + 601 });
    await expect(check(proof, late)).rejects.toMatchObject({ code: 'checkpoint_stale' });
    const stranger = createLedgerTrust({
      policy: formatPolicy({ ...world.policy, origin: 'elsewhere.test' }),
      now: world.now,
    });
    await expect(check(proof, stranger)).rejects.toMatchObject({ kind: 'proof-failed' });
    await expect(check({ receipts: proof.receipts.slice(0, 1) })).rejects.toMatchObject({
      code: 'proof_incomplete',
    });
    await expect(check({ receipts: [] })).rejects.toMatchObject({ code: 'proof_missing' });
  });

  it('of any bytes is read or refused', () => {
    const good = encodeCertificateProof(proofOf(cell));
    const hostile = fc.oneof(
      fc.uint8Array({ maxLength: 100 }),
      fc.tuple(fc.nat(good.length - 1), fc.nat(255)).map(([at, byte]) => good.with(at, byte)),
      fc.nat(good.length - 1).map((length) => good.slice(0, length)),
    );
    fc.assert(
      fc.property(hostile, (bytes) => {
        try {
          decodeCertificateProof(bytes);
        } catch (error) {
          expect(error).toMatchObject({ code: 'pki_proof_malformed' });
        }
      }),
    );
    expect(() => decodeCertificateProof(utf8('no'))).toThrow();
  });
});
