import { fail } from '../errors.ts';
import { claimNames, releaseNames } from '../state/app-names.ts';
import { apps } from '../state/collections.ts';
import type { Apply } from './change.ts';

/** Replaces everything but the client id, the member and the status. A higher version rotates the secret. */
export const updateApp: Apply<'app.update'> = ({ state, body, actor }) => {
  const known = apps.get(state, body.clientId);
  if (!known) throw fail('registry_unknown', { field: '/clientId' });
  if (known.member !== actor || body.member !== actor) throw fail('registry_not_yours');
  if (body.secretVersion < known.secretVersion) {
    throw fail('registry_secret_version', { field: '/secretVersion' });
  }
  const { status, byConsortium } = known;
  if (status === 'active') {
    releaseNames(state, known.name);
    claimNames(state, body.clientId, body.name);
  }
  apps.put(state, body.clientId, { ...body, status, byConsortium });
};
