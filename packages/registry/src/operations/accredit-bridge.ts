import { fail } from '../errors.ts';
import { bridges, bridgeUrls } from '../state/collections.ts';
import { activeMember, requireAccreditationVotes } from '../state/votes.ts';
import type { Apply } from './change.ts';
import { claimUrl } from './claim-url.ts';

/** Accredits a bridge run by an active member; again for the same DID it replaces URL, member and name. */
export const accreditBridge: Apply<'bridge.accredit'> = ({ state, body, context }) => {
  requireAccreditationVotes(state, context);
  activeMember(state, body.member, '/member');
  if (!body.did.startsWith(didPrefix(context.network))) {
    throw fail('registry_foreign_did', { field: '/did' });
  }
  const known = bridges.get(state, body.did);
  claimUrl(state, bridgeUrls, { url: body.url, did: body.did, field: '/url' });
  bridges.put(state, body.did, { ...body, status: known?.status ?? 'active' });
};

const didPrefix = (network: string): string =>
  network === 'main' ? 'did:mno:zQm' : `did:mno:${network}:zQm`;
