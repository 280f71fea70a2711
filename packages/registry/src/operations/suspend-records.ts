import type { State } from '@attestel/ledger';
import { releaseNames } from '../state/app-names.ts';
import { apps, bridges, issuers } from '../state/collections.ts';

/** Suspends what a member issues, runs and vouches for, each to be resumed by who may resume it. */
export function suspendRecordsOf(state: State, member: string): void {
  const issuer = issuers.get(state, member);
  if (issuer) issuers.put(state, member, { ...issuer, status: 'suspended' });
  for (const bridge of bridges.list(state)) {
    if (bridge.member === member) bridges.put(state, bridge.did, { ...bridge, status: 'suspended' });
  }
  for (const app of apps.list(state)) {
    if (app.member !== member || app.status === 'suspended') continue;
    releaseNames(state, app.name);
    apps.put(state, app.clientId, { ...app, status: 'suspended' });
  }
}
