import type { Ledger } from '@attestel/ledger';
import { asItStands } from './state/as-it-stands.ts';
import {
  apps,
  bridges,
  issuers,
  members,
  REGISTRY_MODULE,
  readParameters,
  revisionOf,
} from './state/collections.ts';
import { appUnder, bridgeUnder, issuerUnder } from './state/effective-records.ts';
import type { App, Bridge, Issuer, Member, Registry } from './types.ts';

type LedgerReader = Pick<Ledger, 'head' | 'state'>;

interface Snapshot {
  readonly revision: number;
  /** Members as operations of the registry left them. */
  readonly recorded: readonly Member[];
  /** Members as they stand, which also depends on their DIDs. */
  readonly members: ReadonlyMap<string, Member>;
  readonly issuers: ReadonlyMap<string, Issuer>;
  readonly bridges: ReadonlyMap<string, Bridge>;
  readonly apps: ReadonlyMap<string, App>;
  readonly trustAnchors: readonly Uint8Array[];
}

/**
 * Reads the registry at the ledger's head. What it decodes it keeps until an operation of the registry
 * changes something or a member's DID loses its keys; other blocks cost a look at a counter and at those
 * DIDs.
 */
export function createRegistry(ledger: LedgerReader): Registry {
  let height = -1;
  let kept: Snapshot | undefined;
  const now = (): Snapshot => {
    const head = ledger.head().height;
    if (!kept || (head !== height && !isCurrent(ledger, kept))) kept = takeSnapshot(ledger);
    height = head;
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

function isCurrent(ledger: LedgerReader, kept: Snapshot): boolean {
  if (revisionOf(ledger.state(REGISTRY_MODULE)) !== kept.revision) return false;
  return kept.recorded.every((member) => {
    const { status, statusSince } = asItStands((module) => ledger.state(module), member);
    const known = kept.members.get(member.did);
    return status === known?.status && statusSince === known.statusSince;
  });
}

function takeSnapshot(ledger: LedgerReader): Snapshot {
  const state = ledger.state(REGISTRY_MODULE);
  const recorded = members.list(state);
  const known = byId(
    recorded.map((member) => asItStands((module) => ledger.state(module), member)),
    (member) => member.did,
  );
  return {
    revision: revisionOf(state),
    recorded,
    members: known,
    issuers: byId(
      issuers.list(state).map((issuer) => issuerUnder(issuer, known.get(issuer.did))),
      (issuer) => issuer.did,
    ),
    bridges: byId(
      bridges.list(state).map((bridge) => bridgeUnder(bridge, known.get(bridge.member))),
      (bridge) => bridge.did,
    ),
    apps: byId(
      apps.list(state).map((app) => appUnder(app, known.get(app.member))),
      (app) => app.clientId,
    ),
    trustAnchors: readParameters(state)?.trustAnchors ?? [],
  };
}

const byId = <T>(records: readonly T[], idOf: (record: T) => string): ReadonlyMap<string, T> =>
  new Map(records.map((record) => [idOf(record), record]));
