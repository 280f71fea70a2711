import { concatBytes, utf8 } from '@attestel/core';
import { CHALLENGE_SECONDS } from '../rules/possession.ts';
import { requireActor } from '../state/authority.ts';
import { challenges, readBeacon } from '../state/records.ts';
import type { Apply } from './change.ts';
import { assertPrevious } from './previous.ts';

const TAG = utf8('attestel/pki/challenge/v1\n');
/** Bounds what a member keeps in the state; one challenge serves any number of certificates. */
const MAX_CHALLENGES = 16;

/**
 * Draws a challenge for proofs of possession. Its id depends on everything that module `pki` accepted before, so
 * nobody can have proofs signed today over a challenge of next year.
 */
export const drawChallenge: Apply<'challenge'> = ({ state, actor, operation, context, sha256 }) => {
  requireActor(context, actor, ['operator', 'vendor']);
  assertPrevious(operation, null);
  const id = sha256(concatBytes(TAG, readBeacon(state), operation.id));
  const live = (challenges.get(state, actor) ?? []).filter(
    ([, time]) => context.time - time <= CHALLENGE_SECONDS,
  );
  challenges.put(state, actor, [...live.slice(1 - MAX_CHALLENGES), [id, context.time]]);
  return { challenge: id, member: actor, until: context.time + CHALLENGE_SECONDS };
};
