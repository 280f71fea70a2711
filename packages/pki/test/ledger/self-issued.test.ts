import { type Bytes, isAppError } from '@attestel/core';
import { type BatchTerms, buildSubmission, certificateHash, type SubmittedItem } from '@attestel/pki';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Certified, certify, type Evidence, freshKey, itemOf, prove, serialOf } from './devices.ts';
import {
  admitVendor,
  authorise,
  DAY,
  NETWORK,
  openWorld,
  type Party,
  START,
  terms,
  tokenKeyOf,
  vendorScope,
  type World,
} from './world.ts';

let world: World;
let anchor: Bytes;
let what: BatchTerms;
let batch: Bytes;

beforeEach(async () => {
  world = await openWorld();
  anchor = await admitVendor(world);
  what = terms(world, anchor);
  batch = await authorise(world, what);
});

const evidence = (more: Partial<Evidence> = {}): Evidence => ({
  ...{ anchor: null, scope: vendorScope(world.v), intermediates: [], tokenKey: tokenKeyOf(world.v) },
  ...{ batch: { vendor: world.v.did, terms: what }, source: null },
  ...more,
});

/** Code of the refusal, or undefined. */
async function submit(
  items: readonly SubmittedItem[],
  more: { challenge?: Bytes; by?: Party; signer?: Party; evidence?: Partial<Evidence> } = {},
): Promise<string | undefined> {
  const by = more.by ?? world.v;
  try {
    const { operation } = await buildSubmission({
      ...{ network: NETWORK, submitter: by.did, role: 'small-cell', challenge: more.challenge ?? batch },
      ...{ evidence: evidence(more.evidence), items, notAfter: world.notAfter() },
      signers: [(more.signer ?? by).signer],
    });
    return await world.send(operation);
  } catch (error) {
    if (!isAppError(error)) throw error;
    return error.code;
  }
}

const cell = (number = 1, more = {}): Promise<Certified> => certify({ device: serialOf(number), ...more });

describe('a self-signed cell under a vendor batch', () => {
  it('is published, found by its hash, and counted', async () => {
    const made = await cell();
    expect(await submit([itemOf(made, world.v, batch)])).toBeUndefined();
    expect(world.pki.check(made.certificate)).toMatchObject({ verdict: 'good' });
    expect(world.pki.certificate(made.hash)).toMatchObject({ index: 0, role: 'small-cell', anchor, batch });
    expect(world.pki.batch(batch)?.used).toBe(1);
    expect(world.last()[0]?.data).toMatchObject({ accepted: 1, rejected: [], first: 0 });
  });
});
