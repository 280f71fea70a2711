import { isAppError, toHex } from '@attestel/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBundleProof, encodeBundleProof } from '../../src/bundle/bundle-proof.ts';
import { bundleSequence, selectMembers } from '../../src/bundle/select-members.ts';
import { type BundleName, bundleOf, type TrustGrant } from '../../src/bundle/trust-bundle.ts';
import type { Scope } from '../../src/rules/scope.ts';
import { type AnchorRecord, anchors, type RelationRecord, relations } from '../../src/state/records.ts';
import { anchorStanding } from '../../src/state/standing.ts';
import type { Relation } from '../../src/types.ts';
import { createFakeState, hashOf, OPERATOR, OTHER, VENDOR } from '../ledger/fake-ledger.ts';

const SLICES = ['01', '02', '03'];
const DIDS = [OPERATOR, OTHER, VENDOR];
const HORIZON = 20;
const time = fc.integer({ min: 0, max: HORIZON });
const someSlices = fc.subarray(SLICES);
const bytes = (size: number) => fc.uint8Array({ minLength: size, maxLength: size });

const anchor: fc.Arbitrary<AnchorRecord> = fc
  .record({
    owner: fc.constantFrom(...DIDS),
    kind: fc.constantFrom('operator', 'operator', 'vendor'),
    slices: someSlices,
    from: time,
    until: fc.option(time),
    notAfter: fc.option(time),
    isSuspended: fc.boolean(),
    hasCertificate: fc.boolean(),
    certificate: bytes(8),
  })
  .map(({ owner, kind, slices, certificate, isSuspended, hasCertificate, ...dates }) => ({
    ...dates,
    operation: hashOf('operation'),
    certificate: hasCertificate ? certificate : null,
    scope: { kind, owner, slices, plmns: [], dns: [], serials: [], roles: ['iot-thing'] } as unknown as Scope,
    scopeHash: hashOf('scope'),
    suspended: isSuspended ? { since: 0, by: owner, reason: 'unspecified' } : null,
    ...{ lifted: 0, admitted: 0 },
  }));

const ids = (count: number) => Array.from({ length: count }, (_, i) => hashOf(`anchor ${i}`));
const COUNT = 6;
const relation: fc.Arbitrary<RelationRecord> = fc.record({
  operation: fc.constant(hashOf('operation')),
  parties: fc.constantFrom([OPERATOR, OTHER] as const, [OTHER, VENDOR] as const, [OPERATOR, VENDOR] as const),
  anchors: fc.tuple(fc.subarray(ids(COUNT)), fc.subarray(ids(COUNT))),
  nfTypes: fc.constant(['SMF']),
  slices: someSlices,
  from: time,
  until: time,
  version: fc.constant(1),
});

const ledger = fc
  .record({
    anchors: fc.array(anchor, { minLength: COUNT, maxLength: COUNT }),
    relations: fc.array(relation, { maxLength: 5 }),
  })
  .map((made) => {
    const state = createFakeState();
    const listed = made.anchors.map((record, i) => ({ ...record, id: hashOf(`anchor ${i}`) }));
    const related = made.relations.map((record, i) => ({ ...record, id: hashOf(`relation ${i}`) }));
    for (const { id, ...record } of listed) anchors.put(state, id, record);
    for (const { id, ...record } of related) relations.put(state, id, record);
    const standing = 'in-force' as const;
    const lists = {
      anchors: () => listed.map((one) => ({ ...one, standing })),
      relations: () => related,
      trustVersion: () => 7,
    };
    return { state, lists, all: { anchors: ids(COUNT), relations: related.map(({ id }) => id) } };
  });

const name: fc.Arbitrary<BundleName> = fc.oneof(
  fc.record({
    kind: fc.constant('slice' as const),
    operator: fc.constantFrom(...DIDS),
    slice: fc.option(fc.constantFrom(...SLICES)),
  }),
  fc.constant({ kind: 'vendors' as const, role: 'iot-thing' as const }),
);

const idsIn = (bundle: { readonly anchors: readonly { readonly id: Uint8Array }[] }): string[] =>
  bundle.anchors.map(({ id }) => toHex(id));

/** One's own, or of a partner in a relation that lasts; for the slice in either case. */
function assertTrusted(
  { operator, slice }: BundleName & { readonly kind: 'slice' },
  scope: Scope,
  by: {
    readonly grants: readonly TrustGrant[] | null;
    readonly relations: readonly Relation[];
    readonly at: number;
  },
): void {
  if (slice !== null) expect(scope.slices).toContain(slice);
  expect(scope.owner === operator).toBe(by.grants === null);
  for (const grant of by.grants ?? []) {
    const relation = by.relations.find(({ id }) => toHex(id) === toHex(grant.relation)) as Relation;
    expect(relation.from <= by.at && by.at < relation.until).toBe(true);
    expect([...relation.parties].sort()).toEqual([operator, scope.owner].sort());
  }
}

describe('bundles of any ledger', () => {
  it('have nobody who is not in force, for the slice, and one’s own or a live partner', () => {
    fc.assert(
      fc.property(ledger, name, time, ({ state, lists, all }, asked, at) => {
        for (const one of bundleOf(state, { name: asked, members: all, at }).anchors) {
          const record = anchors.get(state, one.id) as AnchorRecord;
          expect(anchorStanding(record, at)).toBe('in-force');
          expect(one.until).toBeGreaterThan(at);
          if (asked.kind === 'vendors') expect(record.scope.kind).toBe('vendor');
          else assertTrusted(asked, record.scope, { grants: one.grants, relations: lists.relations(), at });
        }
      }),
    );
  });

  it('hold everybody that they should, whoever is named beside, in whatever order', () => {
    fc.assert(
      fc.property(ledger, name, time, ({ state, lists, all }, asked, at) => {
        const whole = bundleOf(state, { name: asked, members: all, at });
        const members = selectMembers(lists, asked, at);
        expect(bundleOf(state, { name: asked, members, at })).toEqual(whole);
        const shuffled = {
          anchors: all.anchors.toReversed(),
          relations: [...all.relations, ...all.relations],
        };
        expect(idsIn(bundleOf(state, { name: asked, members: shuffled, at }))).toEqual(idsIn(whole));
      }),
    );
  });

  it('trust nobody more when something is left out', () => {
    fc.assert(
      fc.property(ledger, name, time, fc.nat(), ({ state, all }, asked, at, mask) => {
        const part = <T>(list: readonly T[]): T[] => list.filter((_, i) => (mask >> i) % 2 === 0);
        const members = { anchors: part(all.anchors), relations: part(all.relations) };
        const whole = new Set(idsIn(bundleOf(state, { name: asked, members: all, at })));
        for (const id of idsIn(bundleOf(state, { name: asked, members, at }))) expect(whole).toContain(id);
      }),
    );
  });

  it('change only when their sequence number grows, and it never falls', () => {
    fc.assert(
      fc.property(ledger, name, ({ state, lists, all }, asked) => {
        let last: { sequence: number; ids: string[] } | undefined;
        for (let at = 0; at <= HORIZON + 1; at++) {
          const now = {
            sequence: bundleSequence(lists, at),
            ids: idsIn(bundleOf(state, { name: asked, members: all, at })),
          };
          expect(now.sequence).toBeGreaterThanOrEqual(last?.sequence ?? 0);
          if (last?.sequence === now.sequence) expect(now.ids).toEqual(last.ids);
          last = now;
        }
      }),
    );
  });
});

describe('bundles with receipts', () => {
  it('are read back as they were written, and any other bytes are refused with one code', () => {
    const members = fc.record({ anchors: fc.array(bytes(32)), relations: fc.array(bytes(32)) });
    const proof = fc.record({ members, receipts: fc.array(fc.uint8Array()) });
    fc.assert(
      fc.property(proof, fc.nat(), fc.integer({ min: 1, max: 255 }), (made, place, change) => {
        const encoded = encodeBundleProof(made);
        expect(decodeBundleProof(encoded)).toEqual(made);
        const bent = encoded.slice();
        const at = place % bent.length;
        bent[at] = (bent[at] as number) ^ change;
        try {
          decodeBundleProof(bent);
        } catch (error) {
          expect(isAppError(error) && error.code).toBe('bundle_malformed');
        }
      }),
    );
  });
});
