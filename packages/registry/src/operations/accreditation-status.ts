import { fail } from '../errors.ts';
import { bridges, type Collection, issuers } from '../state/collections.ts';
import { requireAccreditationVotes } from '../state/votes.ts';
import type { Bridge, Issuer } from '../types.ts';
import type { Change } from './change.ts';

export const suspendIssuer = statusChange<Issuer>(issuers, 'suspended');
export const resumeIssuer = statusChange<Issuer>(issuers, 'active');
export const suspendBridge = statusChange<Bridge>(bridges, 'suspended');
export const resumeBridge = statusChange<Bridge>(bridges, 'active');

function statusChange<T extends Issuer | Bridge>(records: Collection<T>, to: T['status']) {
  return ({ state, body, context }: Change<{ readonly did: string }>): undefined => {
    requireAccreditationVotes(state, context);
    const record = records.get(state, body.did);
    if (!record) throw fail('registry_unknown', { field: '/did' });
    if (record.status === to) throw fail('registry_status');
    records.put(state, body.did, { ...record, status: to });
  };
}
