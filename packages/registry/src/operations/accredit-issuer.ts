import { fail } from '../errors.ts';
import { issuers, issuerUrls } from '../state/collections.ts';
import { activeMember, requireAccreditationVotes } from '../state/votes.ts';
import type { Apply } from './change.ts';
import { claimUrl } from './claim-url.ts';

/**
 * Accredits an operator to issue, per credential type and time. Again for the same DID it replaces URL,
 * name and types; a suspension stays until it is lifted.
 */
export const accreditIssuer: Apply<'issuer.accredit'> = ({ state, body, context }) => {
  requireAccreditationVotes(state, context);
  const member = activeMember(state, context, { did: body.did, field: '/did' });
  if (!member.roles.includes('operator')) throw fail('registry_role', { field: '/did' });
  const known = issuers.get(state, body.did);
  claimUrl(state, issuerUrls, { url: body.issuerUrl, did: body.did, field: '/issuerUrl' });
  issuers.put(state, body.did, { ...body, status: known?.status ?? 'active' });
};
