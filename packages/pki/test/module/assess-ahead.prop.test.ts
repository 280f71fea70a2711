import { type Bytes, encodeCbor } from '@attestel/core';
import { createWorkerVerifier } from '@attestel/ledger';
import { batchIdOf, type SubmissionAttachment, type SubmittedItem } from '@attestel/pki';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { assess } from '../../src/module/assess.ts';
import { assessAhead } from '../../src/module/assess-ahead.ts';
import { encodeAttachment } from '../../src/module/attachment.schema.ts';
import { x509Rules } from '../../src/module/x509-rules.ts';
import { sha256 } from '../../src/sha256.ts';
import { type Certified, certify, freshKey, itemOf, serialOf } from '../ledger/devices.ts';
import {
  admitVendor,
  NETWORK,
  openWorld,
  terms,
  tokenKeyOf,
  vendorScope,
  type World,
} from '../ledger/world.ts';

const ports = { sha256, certificates: x509Rules };
const verifier = createWorkerVerifier({ workers: 2 });
afterAll(() => verifier.close());
const run = verifier.run as NonNullable<typeof verifier.run>;

let world: World;
let batch: Bytes;
let evidence: Omit<SubmissionAttachment, 'items'>;
let made: readonly Certified[];
const header = () => ({
  ...{ network: NETWORK, submitter: world.v.did, role: 'small-cell' as const, challenge: batch },
});

beforeAll(async () => {
  world = await openWorld();
  const what = terms(world, await admitVendor(world));
  batch = batchIdOf(what, { network: NETWORK, vendor: world.v.did });
  evidence = {
    ...{ anchor: null, scope: vendorScope(world.v), intermediates: [], tokenKey: tokenKeyOf(world.v) },
    ...{ batch: { vendor: world.v.did, terms: what }, source: null },
  };
  const kinds = ['ec', 'ed25519', 'rsa', 'p384', 'ec'] as const;
  made = await Promise.all(
    // The last one is outside the range of the batch.
    kinds.map((kind, i) => certify({ key: freshKey(kind), device: serialOf(i === 4 ? 999 : i + 1) })),
  );
});

/** Flips a bit of one of an item's byte strings, or leaves it as it is. */
const change = fc.option(
  fc.record({
    field: fc.constantFrom('certificate' as const, 'possession' as const),
    at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    bit: fc.nat(7),
  }),
);

interface Change {
  readonly field: 'certificate' | 'possession';
  readonly at: number;
  readonly bit: number;
}

function changed(item: SubmittedItem, what: Change | null): SubmittedItem {
  if (!what) return item;
  const bytes = Uint8Array.from(item[what.field] as Bytes);
  const at = Math.floor(what.at * bytes.length);
  bytes[at] = (bytes[at] as number) ^ (1 << what.bit);
  return { ...item, [what.field]: bytes };
}

const same = async (attachment: SubmissionAttachment): Promise<void> => {
  const here = assess(attachment, header(), ports);
  const submission = {
    attachment: encodeAttachment(attachment),
    header: header(),
    count: attachment.items.length,
  };
  const there = await assessAhead(run, submission);
  expect(there && encodeCbor({ ...there })).toEqual(encodeCbor({ ...here }));
};

describe('what other threads find', () => {
  it('is what this one finds, item by item, whatever was changed', async () => {
    const items = made.map((one) => itemOf(one, world.v, batch));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.nat(4), change), { minLength: 1, maxLength: 12 }), (list) =>
        same({ ...evidence, items: list.map(([i, what]) => changed(items[i] as SubmittedItem, what)) }),
      ),
      { numRuns: 60 },
    );
  }, 60_000);

  it('is in the order of the items, also where it takes several tasks', async () => {
    const items = made.map((one) => itemOf(one, world.v, batch));
    const [first, second] = items as [SubmittedItem, SubmittedItem];
    const many = Array.from({ length: 230 }, (_, i) => (i % 7 === 0 ? first : second));
    await same({ ...evidence, items: many });
  }, 60_000);

  it('is nothing where the attachment is none, has another number of items, or breaks a rule by itself', async () => {
    const items = [itemOf(made[0] as Certified, world.v, batch)];
    const attachment = encodeAttachment({ ...evidence, items });
    const ask = (more: object) => assessAhead(run, { attachment, header: header(), count: 1, ...more });
    expect(await ask({})).toBeDefined();
    expect(await ask({ count: 2 })).toBeUndefined();
    expect(await ask({ attachment: attachment.subarray(1) })).toBeUndefined();
    expect(await ask({ header: { ...header(), role: 'security-gateway' } })).toBeUndefined();
    const gone = createWorkerVerifier({ workers: 1 });
    await gone.close();
    expect(
      await assessAhead(gone.run as typeof run, { attachment, header: header(), count: 1 }),
    ).toBeUndefined();
  });

  it('is compared with the body by validators, which check nothing twice', async () => {
    const { buildSubmission, createPkiModule, pkiModule } = await import('@attestel/pki');
    const read = vi.spyOn(x509Rules, 'leafReader');
    const items = [itemOf(made[0] as Certified, world.v, batch)];
    const { operation } = await buildSubmission({
      ...{ ...header(), evidence, items, notAfter: world.notAfter(), signers: [world.v.signer], run },
    });
    expect(read).not.toHaveBeenCalled();
    const module = createPkiModule(ports, assessAhead);
    await module.checkAhead?.(operation, run);
    module.checkAttachment?.(operation);
    expect(read).not.toHaveBeenCalled();
    // Another object of the same bytes, as a validator has it that was asked for nothing ahead.
    pkiModule.checkAttachment?.({ ...operation });
    expect(read).toHaveBeenCalledOnce();
    const { payload } = operation;
    const lie = { ...operation, payload: { ...payload, body: { ...payload.body, items: ['pki_lifetime'] } } };
    await module.checkAhead?.(lie, run);
    expect(() => module.checkAttachment?.(lie)).toThrow('does not prove');
    read.mockRestore();
  });
});
