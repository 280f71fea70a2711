import { equalBytes, toHex } from '@attestel/core';
import { fail } from '../errors.ts';
import { activeValidators, validatorKeys, validators } from '../state/validators.ts';
import { activeMember, requireAdmissionVotes, requireSignature } from '../state/votes.ts';
import type { Apply } from './change.ts';

/**
 * Gives a member's node a vote in the order of operations, changes its weight or key, or with power 0 takes it
 * away. The member signs too when it gains one: nobody is made a validator under a key that is not its own. A key
 * stays with its first member for ever. Suspending a member leaves its validator in place, since that may cost
 * the network its quorum: whoever wants both decides both.
 */
export const setValidator: Apply<'validator.set'> = ({ state, body, context }) => {
  requireAdmissionVotes(state, context);
  const { did, key, power } = body;
  const known = validators.get(state, did);
  if (power === 0) {
    if (!known || known.power === 0 || !equalBytes(known.key, key))
      throw fail('registry_unknown', { field: '/key' });
    if (activeValidators(state).length === 1) throw fail('registry_last_validator');
  } else {
    activeMember(state, context, { did, field: '/did' });
    requireSignature(context, did, '/did');
    const owner = validatorKeys.get(state, toHex(key));
    if (owner !== undefined && owner !== did) throw fail('registry_key_taken', { field: '/key' });
    validatorKeys.put(state, toHex(key), did);
  }
  validators.put(state, did, { did, key, power });
  const isReplaced = known !== undefined && known.power > 0 && !equalBytes(known.key, key);
  return { key, power, replaced: isReplaced ? known.key : null };
};
