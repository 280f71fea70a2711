import { fail } from '../errors.ts';
import { readUpgrades, writeUpgrades } from '../state/upgrades.ts';
import { requireAdmissionVotes } from '../state/votes.ts';
import type { Apply } from './change.ts';

/**
 * Sets from which height the ledger runs on the next version of its state machine. Replaces what was scheduled and
 * has not begun, so that members can also put it off.
 */
export const upgrade: Apply<'upgrade'> = ({ state, body: { sm, height }, context }) => {
  requireAdmissionVotes(state, context);
  if (height <= context.height) throw fail('registry_upgrade_past');
  const begun = readUpgrades(state).filter((scheduled) => scheduled.height <= context.height);
  if (sm < (begun.at(-1)?.sm ?? 1)) throw fail('registry_upgrade_back');
  writeUpgrades(state, [...begun, { sm, height }]);
};
