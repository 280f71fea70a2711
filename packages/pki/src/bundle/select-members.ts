import { type Bytes, toHex } from '@attestel/core';
import type { Pki } from '../types.ts';
import { fail } from './errors.ts';
import { type BundleMembers, type BundleName, endOf, isOwn, ownSide } from './trust-bundle.ts';

export type TrustLists = Pick<Pki, 'anchors' | 'relations'>;

/** Everybody who is in a bundle at that time or may come into it, those under notice too; nobody who has ended. */
export function selectMembers(lists: TrustLists, name: BundleName, at: number): BundleMembers {
  const chosen = new Map<string, Bytes>();
  const choose = (id: Bytes): void => void chosen.set(toHex(id), id);
  for (const anchor of lists.anchors()) {
    if (isOwn(name, anchor) && endOf(anchor) > at) choose(anchor.id);
  }
  const relations =
    name.kind === 'slice'
      ? lists.relations().filter((one) => ownSide(name, one) !== undefined && one.until > at)
      : [];
  for (const relation of relations) {
    const side = name.kind === 'slice' ? ownSide(name, relation) : undefined;
    if (side !== undefined) relation.anchors[side === 0 ? 1 : 0].forEach(choose);
  }
  return { anchors: [...chosen.values()], relations: relations.map(({ id }) => id) };
}

/**
 * A number that grows with every change of any bundle, also by time alone: changes of the trust list so far, and
 * beginnings and ends that have passed. `spiffe_sequence` must have this (SPIFFE Trust Domain and Bundle §4.1.1).
 * Beginnings never move, and no end that has passed is moved back, so it never falls.
 */
export function bundleSequence(lists: TrustLists & Pick<Pki, 'trustVersion'>, at: number): number {
  const times = [
    ...lists.anchors().flatMap((anchor) => [anchor.from, endOf(anchor)]),
    ...lists.relations().flatMap(({ from, until }) => [from, until]),
  ];
  return lists.trustVersion() + times.filter((time) => time <= at).length;
}

/**
 * The operator of a PLMN, by the anchors that speak for it and have not ended.
 * @throws AppError bundle_unknown, bundle_ambiguous
 */
export function operatorOfPlmn(lists: TrustLists, plmn: string, at: number): string {
  const owners = new Set(
    lists
      .anchors()
      .filter(({ scope }) => scope.kind === 'operator' && scope.plmns.includes(plmn))
      .filter((anchor) => endOf(anchor) > at)
      .map(({ scope }) => scope.owner),
  );
  const [owner] = owners;
  if (owner === undefined) throw fail('bundle_unknown');
  if (owners.size > 1) throw fail('bundle_ambiguous');
  return owner;
}
