import { type Bytes, utf8 } from '@attestel/core';
import { buildOperation } from '@attestel/ledger';
import { type BatchTerms, batchIdOf, buildSubmission } from '@attestel/pki';
import { beforeEach, describe, expect, it } from 'vitest';
import { certify, itemOf, serialOf } from './devices.ts';
import {
  admitVendor,
  authorise,
  DAY,
  NETWORK,
  openWorld,
  type Party,
  terms,
  tokenKeyOf,
  vendorScope,
  type World,
} from './world.ts';

let world: World;
let what: BatchTerms;
let batch: Bytes;
let anchor: Bytes;
beforeEach(async () => {
  world = await openWorld();
  anchor = await admitVendor(world);
  what = terms(world, anchor, { count: 1 });
  batch = await authorise(world, what);
});

/**
 * The body of a good submission, signed by somebody, with an attachment that nobody can read: whoever looks at it says
 * pki_attachment_invalid.
 */
async function unreadable(more: object = {}, by: Party = world.v): Promise<string | undefined> {
  const { operation } = await buildSubmission({
    ...{ network: NETWORK, submitter: world.v.did, role: 'small-cell', challenge: batch },
    evidence: {
      ...{ anchor: null, scope: vendorScope(world.v), intermediates: [], tokenKey: tokenKeyOf(world.v) },
      ...{ batch: { vendor: world.v.did, terms: what }, source: null },
    },
    items: [itemOf(await certify({ device: serialOf(1) }), world.v, batch)],
    ...{ notAfter: world.notAfter(), signers: [world.v.signer] },
  });
  const { payload } = operation;
  const body = { ...payload.body, ...more };
  return world.send(
    await buildOperation({ ...payload, actor: by.did, body }, [by.signer], utf8('no attachment')),
  );
}

describe('a submission is refused before any certificate of it is looked at', () => {
  it('where a member with all rights is told that its attachment is none', async () => {
    expect(await unreadable()).toBe('pki_attachment_invalid /attachment');
  });

  it('from a stranger', async () => {
    expect(await unreadable({}, world.stranger)).toBe('pki_not_member /actor');
  });

  it('from a member that has nothing to do with the batch', async () => {
    expect(await unreadable({}, world.a)).toBe('pki_batch_destination');
  });

  it('under an anchor that is unknown, of another scope, or ended', async () => {
    expect(await unreadable({ anchor: batch })).toBe('pki_anchor_unknown /anchor');
    expect(await unreadable({ scope: batch })).toBe('pki_anchor_scope /scope');
    const last = world.pki.anchor(anchor)?.operation ?? null;
    await world.act(
      'anchor.retire',
      { anchor, until: world.now() + DAY, voters: [world.v.did] },
      [world.v],
      last,
    );
    world.later(2 * DAY);
    await world.act('challenge', { salt: new Uint8Array(32) }, [world.v]);
    expect(await unreadable()).toBe('pki_anchor_ended /anchor');
  });

  it('for a batch that is unknown or suspended', async () => {
    const other = { ...what, number: 'PO-2' };
    const unknown = batchIdOf(other, { network: NETWORK, vendor: world.v.did });
    expect(await unreadable({ batch: unknown, challenge: unknown })).toBe('pki_batch_unknown /batch');
    const last = world.pki.batch(batch)?.operation ?? null;
    await world.act('batch.suspend', { batch, reason: 'unspecified' }, [world.v], last);
    expect(await unreadable()).toBe('pki_batch_suspended /batch');
  });

  it('over a challenge that nobody drew', async () => {
    expect(await unreadable({ challenge: new Uint8Array(32) })).toBe('pki_possession_stale /challenge');
  });

  it('with devices of a vendor that nobody knows', async () => {
    const source = { anchor: batch, scope: batch, chained: false, delivered: false };
    expect(await unreadable({ source })).toBe('pki_anchor_unknown /source/anchor');
  });
});

describe('an anchor under notice', () => {
  it('is left to the block, whose time may be later than the head’s', async () => {
    const owner = world.w;
    const scope = vendorScope(owner, ['ZZ']);
    const from = world.now() + 2 * DAY;
    const voters = [owner, world.a, world.b];
    const admission = { certificate: null, scope, from, until: null, replaces: null };
    expect(
      await world.act('anchor.admit', { ...admission, voters: voters.map(({ did }) => did) }, voters),
    ).toBeUndefined();
    // The head is older than `from`, the next block is not.
    world.later(2 * DAY);
    const admitted = world.pki.anchors().find((one) => one.scope.owner === owner.did);
    const under = { anchor: admitted?.id, scope: admitted?.scopeHash, batch: null };
    expect(await unreadable(under, owner)).toBe('pki_possession_stale /challenge');
    await world.act('challenge', { salt: new Uint8Array(32) }, [owner]);
    const challenge = world.pki.challenges(owner.did).at(-1)?.id;
    expect(await unreadable({ ...under, challenge }, owner)).toBe('pki_attachment_invalid /attachment');
  });
});
