import { fail } from '../errors.ts';
import { claimNames } from '../state/app-names.ts';
import { apps } from '../state/collections.ts';
import type { Apply } from './change.ts';

/** A member vouches for an app by its own signature alone. */
export const registerApp: Apply<'app.register'> = ({ state, body, actor }) => {
  if (body.member !== actor) throw fail('registry_not_yours', { field: '/member' });
  if (apps.get(state, body.clientId)) throw fail('registry_exists', { field: '/clientId' });
  claimNames(state, body.clientId, body.name);
  apps.put(state, body.clientId, { ...body, status: 'active', byConsortium: false });
};
