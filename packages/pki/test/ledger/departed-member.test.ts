import type { Bytes } from '@attestel/core';
import { anchorIdOf, buildSubmission, type Scope } from '@attestel/pki';
import { buildRegistryOperation } from '@attestel/registry';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Certified, certify, itemOf, serialOf } from './devices.ts';
import {
  admission,
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
let root: Certified;
let scope: Scope;
let anchor: Bytes;
let batch: Bytes;
let what: ReturnType<typeof terms>;
let published: Certified;

/** A vendor with a CA and a batch for operator B; one of its cells is published. */
beforeEach(async () => {
  world = await openWorld();
  const { a, b, v } = world;
  root = await certify({ ca: true, commonName: 'Vendor CA', notAfter: START + 3650 * DAY });
  scope = vendorScope(v);
  const body = admission(world, scope, [a, b], { certificate: root.certificate });
  await world.act('anchor.admit', body, [v, a, b]);
  anchor = anchorIdOf(root.certificate, scope);
  what = terms(world, anchor, { destination: b.did });
  batch = await authorise(world, what);
  published = await certify({ device: serialOf(1), issuer: root });
  expect(await submit(published, v)).toBeUndefined();
});

async function submit(made: Certified, by: Party): Promise<string | undefined> {
  const { operation } = await buildSubmission({
    ...{ network: NETWORK, submitter: by.did, role: 'small-cell', challenge: batch },
    evidence: {
      ...{ anchor: root.certificate, scope, intermediates: [], tokenKey: tokenKeyOf(world.v) },
      ...{ batch: { vendor: world.v.did, terms: what }, source: null },
    },
    ...{ items: [itemOf(made, by, batch)], notAfter: world.notAfter(), signers: [by.signer] },
  });
  return world.send(operation);
}

const leave = async (kind: 'member.leave' | 'member.suspend'): Promise<void> => {
  const { a, b, v } = world;
  const leaves = kind === 'member.leave';
  const operation = await buildRegistryOperation({
    ...{ kind, body: leaves ? {} : { did: v.did }, actor: (leaves ? v : a).did },
    ...{ sequence: leaves ? 0 : 1, network: NETWORK, notAfter: world.notAfter() },
    signers: (leaves ? [v] : [a, b]).map(({ signer }) => signer),
  });
  expect(await world.send(operation)).toBeUndefined();
};
const reason = 'cessation-of-operation';
const verdict = () => world.pki.check(published.certificate).verdict;
const head = () => world.pki.anchor(anchor)?.operation ?? null;
const votes = (...voters: Party[]) => ({ voters: voters.map(({ did }) => did) });

describe.each(['member.leave', 'member.suspend'] as const)('a member that is gone by %s', (kind) => {
  beforeEach(() => leave(kind));

  it('publishes nothing, and nobody publishes under its anchors', async () => {
    const next = await certify({ device: serialOf(2), issuer: root });
    expect(await submit(next, world.v)).toBe('pki_not_member /actor');
    expect(await submit(next, world.b)).toBe('pki_not_member /anchor');
  });

  it('authorises, suspends and decides nothing', async () => {
    const { v, b } = world;
    expect(await world.act('batch.authorise', { ...what, number: 'PO-2' }, [v])).toBe(
      'pki_not_member /actor',
    );
    const stop = { certificates: [published.hash], reason };
    expect(await world.act('status.suspend', stop, [v])).toBe('pki_not_member /actor');
    const vote = { anchor, reason, ...votes(b, v) };
    expect(await world.act('anchor.suspend', vote, [b, v], head())).toBe('pki_vote_not_member /voters/1');
  });

  it('leaves its certificates as they are: they end when members vote so', async () => {
    const { a, b, c } = world;
    expect(verdict()).toBe('good');
    const one = { anchor, reason, ...votes(b) };
    expect(await world.act('anchor.suspend', one, [b], head())).toBe('pki_votes_missing');
    const two = { anchor, reason, ...votes(b, c) };
    expect(await world.act('anchor.suspend', two, [b, c], head())).toBeUndefined();
    expect(verdict()).toBe('anchor-suspended');
    const until = world.now() + DAY + 60;
    expect(
      await world.act('anchor.retire', { anchor, until, ...votes(a, c) }, [a, c], head()),
    ).toBeUndefined();
    world.later(DAY + 60);
    await world.act('challenge', { salt: new Uint8Array(32) }, [a]);
    expect(verdict()).toBe('anchor-ended');
  });

  it('has single certificates revoked by votes', async () => {
    const { b, c } = world;
    const body = { certificates: [published.hash], reason, ...votes(b, c) };
    expect(await world.act('status.revoke', body, [b, c])).toBeUndefined();
    expect(verdict()).toBe('revoked');
  });
});
