import { bridges, bridgeUrls } from '../state/collections.ts';
import { activeMember, requireAccreditationVotes, requireSignature } from '../state/votes.ts';
import type { Apply } from './change.ts';
import { claimUrl } from './claim-url.ts';

/**
 * Accredits a bridge run by an active member; again for the same DID it replaces URL, member and name.
 * Bridge and member sign too: votes alone bind neither a DID that may not exist nor a member's name.
 */
export const accreditBridge: Apply<'bridge.accredit'> = ({ state, body, context }) => {
  requireAccreditationVotes(state, context);
  activeMember(state, context, { did: body.member, field: '/member' });
  requireSignature(context, body.did, '/did');
  requireSignature(context, body.member, '/member');
  const known = bridges.get(state, body.did);
  claimUrl(state, bridgeUrls, { url: body.url, did: body.did, field: '/url' });
  bridges.put(state, body.did, { ...body, status: known?.status ?? 'active' });
};
