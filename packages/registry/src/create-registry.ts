import type { Ledger } from '@attestel/ledger';
import { REGISTRY_MODULE } from './registry-module.ts';
import { apps, bridges, issuers, members, readParameters, revisionOf } from './state/collections.ts';
import type { App, Bridge, Issuer, Member, Registry } from './types.ts';

interface Snapshot {
  readonly members: ReadonlyMap<string, Member>;
  readonly issuers: ReadonlyMap<string, Issuer>;
  readonly bridges: ReadonlyMap<string, Bridge>;
  readonly apps: ReadonlyMap<string, App>;
  readonly trustAnchors: readonly Uint8Array[];
}

/**
 * Reads the registry at the ledger's head. What it decodes it keeps until an operation of the registry
 * changes something; other blocks cost one look at a counter.
 */
export function createRegistry(ledger: Pick<Ledger, 'head' | 'state'>): Registry {
  let height = -1;
  let revision = -1;
  let kept: Snapshot | undefined;
  const now = (): Snapshot => {
    const head = ledger.head().height;
    if (kept && head === height) return kept;
    const current = revisionOf(ledger.state(REGISTRY_MODULE));
    if (!kept || current !== revision) kept = takeSnapshot(ledger);
    height = head;
    revision = current;
    return kept;
  };
  const list = <T>(records: ReadonlyMap<string, T>): readonly T[] => [...records.values()];
  return {
    member: (did) => now().members.get(did),
    members: () => list(now().members),
    issuer: (did) => now().issuers.get(did),
    issuers: () => list(now().issuers),
    isAccredited: (did, vct, at) => isAccredited(now().issuers.get(did), vct, at),
    bridge: (did) => now().bridges.get(did),
    bridges: () => list(now().bridges),
    app: (clientId) => now().apps.get(clientId),
    apps: () => list(now().apps),
    trustAnchors: () => now().trustAnchors,
  };
}

function isAccredited(issuer: Issuer | undefined, vct: string, at: number): boolean {
  if (issuer?.status !== 'active') return false;
  const validity = issuer.types.find((type) => type.vct === vct)?.validity;
  return validity !== undefined && at >= validity.from && (validity.until === null || at < validity.until);
}

function takeSnapshot(ledger: Pick<Ledger, 'state'>): Snapshot {
  const state = ledger.state(REGISTRY_MODULE);
  const known = byId(members.list(state), (m) => m.did);
  const isActive = (did: string): boolean => known.get(did)?.status === 'active';
  // What a member runs or vouches for stands and falls with it; an issuer must also still be an operator.
  const under = <T extends { status: 'active' | 'suspended' }>(record: T, holds: boolean): T =>
    holds ? record : { ...record, status: 'suspended' };
  const isOperator = (did: string): boolean => isActive(did) && isRole(known.get(did), 'operator');
  return {
    members: known,
    issuers: byId(
      issuers.list(state).map((issuer) => under(issuer, isOperator(issuer.did))),
      (issuer) => issuer.did,
    ),
    bridges: byId(
      bridges.list(state).map((bridge) => under(bridge, isActive(bridge.member))),
      (bridge) => bridge.did,
    ),
    apps: byId(
      apps.list(state).map(({ byConsortium: _, ...app }) => under(app, isActive(app.member))),
      (app) => app.clientId,
    ),
    trustAnchors: readParameters(state)?.trustAnchors ?? [],
  };
}

const isRole = (member: Member | undefined, role: Member['roles'][number]): boolean =>
  member?.roles.includes(role) ?? false;

const byId = <T>(records: readonly T[], idOf: (record: T) => string): ReadonlyMap<string, T> =>
  new Map(records.map((record) => [idOf(record), record]));
