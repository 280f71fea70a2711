import { fail } from '../errors.ts';
import { claimNames, releaseNames } from '../state/app-names.ts';
import { apps } from '../state/collections.ts';
import { countVotes, parametersOf } from '../state/votes.ts';
import type { Apply, Change } from './change.ts';

/**
 * By its member, or by votes against it; then only votes lift it, also where the member had suspended
 * it before. A suspended app gives up its names.
 *
 * Whose act it is stands in the signed bytes. Signatures do not: whoever carries an operation can add
 * one, and must not turn a member's own step into a decision against it.
 */
export const suspendApp: Apply<'app.suspend'> = (change) => {
  const { state, body } = change;
  const app = knownApp(change);
  const byConsortium = app.member !== change.actor;
  if (byConsortium && !isDecided(change)) throw fail('registry_not_yours');
  if (app.status === 'suspended' && (app.byConsortium || !byConsortium)) throw fail('registry_status');
  if (app.status === 'active') releaseNames(state, app.name);
  apps.put(state, body.clientId, { ...app, status: 'suspended', byConsortium });
};

export const resumeApp: Apply<'app.resume'> = (change) => {
  const { state, body } = change;
  const app = knownApp(change);
  if (!isDecided(change)) {
    if (app.member !== change.actor) throw fail('registry_not_yours');
    if (app.byConsortium) throw fail('registry_votes_missing');
  }
  if (app.status === 'active') throw fail('registry_status');
  claimNames(state, body.clientId, app.name);
  apps.put(state, body.clientId, { ...app, status: 'active', byConsortium: false });
};

type StatusChange = Change<{ readonly clientId: string }>;

function knownApp({ state, body }: StatusChange) {
  const app = apps.get(state, body.clientId);
  if (!app) throw fail('registry_unknown', { field: '/clientId' });
  return app;
}

const isDecided = ({ state, context }: StatusChange): boolean =>
  countVotes(state, context) >= parametersOf(state).accreditationThreshold;
