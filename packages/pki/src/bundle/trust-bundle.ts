import { type Bytes, equalBytes, toHex } from '@attestel/core';
import type { CertificateRole } from '../rules/roles.ts';
import { coversRole, type Scope } from '../rules/scope.ts';
import {
  type AnchorRecord,
  anchors,
  type PkiState,
  type RelationRecord,
  relations,
  trustVersion,
} from '../state/records.ts';
import { anchorStanding } from '../state/standing.ts';

/** Whose trust is asked for. */
export type BundleName =
  | {
      /** What an operator trusts in a slice; null: outside of slices. */
      readonly kind: 'slice';
      /** DID. */
      readonly operator: string;
      readonly slice: string | null;
    }
  | {
      /** The vendors' list: the same for everybody. */
      readonly kind: 'vendors';
      readonly role: CertificateRole;
    };

/** A relation by which another operator's anchor is trusted. */
export interface TrustGrant {
  readonly relation: Bytes;
  readonly nfTypes: readonly string[];
  /** Version of the trust list in which the relation began or last changed. */
  readonly version: number;
  readonly until: number;
}

export interface TrustedAnchor {
  readonly id: Bytes;
  /** DER. */
  readonly certificate: Bytes;
  readonly scope: Scope;
  /** When the trust ends by what is known now, unix seconds; the first second without it. */
  readonly until: number;
  /** Null: trusted without a relation, one's own or a vendor's. */
  readonly grants: readonly TrustGrant[] | null;
}

/** Who is trusted at a time, and by which version of the trust list. */
export interface TrustBundle {
  readonly name: BundleName;
  readonly version: number;
  /** Unix seconds. */
  readonly at: number;
  /** By id, ascending. */
  readonly anchors: readonly TrustedAnchor[];
}

/** What a bundle may be made of: ids, of which each is one key of the state. */
export interface BundleMembers {
  readonly anchors: readonly Bytes[];
  readonly relations: readonly Bytes[];
}

/**
 * The bundle of a time, from single keys of the state, so that each can be proven. Who is not named in `members` is
 * left out; nobody is in by being named: each has to earn its place by what the ledger says of it.
 */
export function bundleOf(
  state: PkiState,
  { name, members, at }: { readonly name: BundleName; readonly members: BundleMembers; readonly at: number },
): TrustBundle {
  const named = new Map(members.anchors.map((id) => [toHex(id), id]));
  const trusted = new Map<string, TrustedAnchor>();
  for (const [key, id] of named) {
    const record = anchors.get(state, id);
    if (!record) continue;
    const grants = isOwn(name, record) ? null : grantsOf(state, { name, members, at, id, record });
    const anchor = trustedAt(id, record, at);
    if (!anchor || grants?.length === 0) continue;
    const until = grants ? Math.max(...grants.map((grant) => grant.until)) : anchor.until;
    trusted.set(key, { ...anchor, until: Math.min(until, anchor.until), grants });
  }
  const sorted = [...trusted].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, anchor]) => anchor);
  return { name, version: trustVersion.read(state), at, anchors: sorted };
}

/** Anchors that stand in a bundle without any relation. */
export function isOwn(name: BundleName, { scope }: AnchorRecord): boolean {
  if (name.kind === 'vendors') return scope.kind === 'vendor' && coversRole(scope, name.role);
  return scope.kind === 'operator' && scope.owner === name.operator && coversSlice(scope, name.slice);
}

const coversSlice = (scope: Scope, slice: string | null): boolean =>
  slice === null || scope.slices.includes(slice);

/** The side of a relation that trusts; undefined where the relation is of other operators or another slice. */
export function ownSide(
  name: BundleName & { readonly kind: 'slice' },
  { parties, slices }: RelationRecord,
): 0 | 1 | undefined {
  // One that names slices is for these; one that names none is for what is outside of slices, not for all.
  const isMeant = name.slice === null ? slices.length === 0 : slices.includes(name.slice);
  const side = parties.indexOf(name.operator);
  return isMeant && (side === 0 || side === 1) ? side : undefined;
}

interface Partner {
  readonly name: BundleName;
  readonly members: BundleMembers;
  readonly at: number;
  readonly id: Bytes;
  readonly record: AnchorRecord;
}

/** Live relations, each once, by which the operator trusts an anchor of another. */
function grantsOf(state: PkiState, { name, members, at, id, record }: Partner): TrustGrant[] {
  if (name.kind !== 'slice' || !coversSlice(record.scope, name.slice)) return [];
  const distinct = new Map(members.relations.map((relation) => [toHex(relation), relation]));
  return [...distinct.values()].flatMap((key): TrustGrant[] => {
    const relation = relations.get(state, key);
    const side = relation && ownSide(name, relation);
    if (!relation || side === undefined || at < relation.from || at >= relation.until) return [];
    const other = side === 0 ? 1 : 0;
    const isTheirs = record.scope.owner === relation.parties[other];
    if (!isTheirs || !relation.anchors[other].some((one) => equalBytes(one, id))) return [];
    const { nfTypes, version, until } = relation;
    return [{ relation: key, nfTypes, version, until }];
  });
}

/** Undefined where it is not in force, or has no certificate that could stand in a bundle. */
function trustedAt(id: Bytes, record: AnchorRecord, at: number): Omit<TrustedAnchor, 'grants'> | undefined {
  const { certificate, scope } = record;
  if (!certificate || anchorStanding(record, at) !== 'in-force') return undefined;
  return { id, certificate, scope, until: endOf(record) };
}

/** First second in which an anchor is ended; validity includes its last one (RFC 5280 §4.1.2.5). */
export const endOf = ({ until, notAfter }: Pick<AnchorRecord, 'until' | 'notAfter'>): number =>
  Math.min(until ?? Number.MAX_SAFE_INTEGER, notAfter === null ? Number.MAX_SAFE_INTEGER : notAfter + 1);
