import { type Bytes, toHex } from '@attestel/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { bundleSequence, selectMembers } from '../../src/bundle/select-members.ts';
import { type BundleName, bundleOf } from '../../src/bundle/trust-bundle.ts';
import { DAY } from '../ledger/world.ts';
import {
  brandScope,
  idsOf,
  type Member,
  OTHER_SLICE,
  openSlices,
  rootOf,
  SLICE,
  type Slices,
} from './slices.ts';

let slices: Slices;
let a: Member;
let b: Member;
let c: Member;

beforeEach(async () => {
  slices = await openSlices();
  ({ a, b, c } = slices);
});

const nameOf = (of: Member, slice: string | null = SLICE): BundleName => ({
  ...{ kind: 'slice', operator: of.party.did, slice },
});
const bundle = (name: BundleName, at = slices.world.now()) =>
  bundleOf(slices.world.ledger.state('pki'), {
    name,
    members: selectMembers(slices.world.pki, name, at),
    at,
  });
const hex = (...ids: Bytes[]) => ids.map((id) => toHex(id)).sort();
const now = () => slices.world.now();

describe('the bundle of an operator and a slice', () => {
  it('has its own anchors, and those of another operator while a relation about the slice lasts', async () => {
    expect(idsOf(bundle(nameOf(a)))).toEqual(hex(a.anchor));
    const until = now() + 3600;
    await slices.relate(a, b, { from: now() + 60, until });
    for (const one of [a, b]) {
      expect(idsOf(bundle(nameOf(one)))).toEqual(hex(one.anchor));
      expect(idsOf(bundle(nameOf(one), until - 3540))).toEqual(hex(a.anchor, b.anchor));
      expect(idsOf(bundle(nameOf(one), until - 1))).toEqual(hex(a.anchor, b.anchor));
      expect(idsOf(bundle(nameOf(one), until))).toEqual(hex(one.anchor));
    }
    expect(idsOf(bundle(nameOf(c), until - 1))).toEqual(hex(c.anchor));
    expect(bundle(nameOf(a), until - 1).anchors.find(({ grants }) => grants)).toMatchObject({
      ...{ id: b.anchor, until },
      grants: [{ nfTypes: ['SMF'], until }],
    });
  });

  it('has nobody for a slice that the relation does not name, nor what lies outside of slices', async () => {
    await slices.relate(a, b);
    expect(idsOf(bundle(nameOf(a, OTHER_SLICE)))).toEqual(hex(a.anchor));
    expect(idsOf(bundle(nameOf(a, null)))).toEqual(hex(a.anchor));
    expect(idsOf(bundle(nameOf(a, '03')))).toEqual([]);
    await slices.relate(a, c, { slices: [] });
    expect(idsOf(bundle(nameOf(a, null)))).toEqual(hex(a.anchor, c.anchor));
    expect(idsOf(bundle(nameOf(a)))).toEqual(hex(a.anchor, b.anchor));
  });

  it('loses an anchor that is suspended or has ended, whatever relation names it', async () => {
    await slices.relate(a, b);
    const previous = slices.world.pki.anchor(b.anchor)?.operation ?? null;
    const body = { anchor: b.anchor, reason: 'ca-compromise', voters: [b.party.did] };
    await slices.act('anchor.suspend', body, [b.party], previous);
    expect(idsOf(bundle(nameOf(a)))).toEqual(hex(a.anchor));
    expect(idsOf(bundle(nameOf(b)))).toEqual(hex(a.anchor));
  });

  it('ends as soon as either operator says so', async () => {
    const relation = await slices.relate(a, b);
    await slices.endRelation(relation, b);
    expect(idsOf(bundle(nameOf(a)))).toEqual(hex(a.anchor));
  });

  it('trusts an anchor until the last of its relations ends', async () => {
    await slices.relate(a, b, { until: now() + 100 });
    await slices.relate(a, b, { until: now() + 200, nfTypes: ['AMF'] });
    const partner = bundle(nameOf(a)).anchors.find(({ grants }) => grants);
    expect(partner?.until).toBe(now() + 200);
    expect(partner?.grants?.flatMap(({ nfTypes }) => nfTypes).sort()).toEqual(['AMF', 'SMF']);
    expect(bundle(nameOf(a), now() + 150).anchors.find(({ grants }) => grants)?.grants).toHaveLength(1);
  });

  it('lets in nobody who was only named as a member', async () => {
    await slices.relate(a, b);
    const state = slices.world.ledger.state('pki');
    const members = { anchors: [a.anchor, b.anchor, c.anchor, b.anchor], relations: [] };
    expect(idsOf(bundleOf(state, { name: nameOf(a), members, at: now() }))).toEqual(hex(a.anchor));
  });
});

describe('the vendors’ bundle', () => {
  it('has the roots of all brands for a role, until one is retired', async () => {
    const { v, w } = slices.world;
    const roots = await Promise.all(['V', 'W'].map((one) => rootOf(`Brand ${one}`, now())));
    const ids = [
      await slices.admit(v, brandScope(v, 'VV'), roots[0] as (typeof roots)[0]),
      await slices.admit(w, brandScope(w, 'WW'), roots[1] as (typeof roots)[0]),
    ] as const;
    const name: BundleName = { kind: 'vendors', role: 'iot-thing' };
    expect(idsOf(bundle(name))).toEqual(hex(...ids));
    expect(idsOf(bundle({ kind: 'vendors', role: 'small-cell' }))).toEqual([]);
    const until = now() + 2 * DAY;
    const previous = slices.world.pki.anchor(ids[1])?.operation ?? null;
    await slices.act('anchor.retire', { anchor: ids[1], until, voters: [w.did] }, [w], previous);
    expect(idsOf(bundle(name))).toEqual(hex(...ids));
    expect(idsOf(bundle(name, until))).toEqual(hex(ids[0]));
  });
});

describe('the sequence number', () => {
  it('grows with every change, also by time alone', async () => {
    const { pki } = slices.world;
    const sequence = (at = now()) => bundleSequence(pki, at);
    const first = sequence();
    await slices.relate(a, b, { from: now() + 10, until: now() + 20 });
    expect(sequence()).toBe(first + 1);
    expect(sequence(now() + 10)).toBe(first + 2);
    expect(sequence(now() + 20)).toBe(first + 3);
  });
});
