import { writeParameters } from '../state/collections.ts';
import { assertDecidable, requireAdmissionVotes } from '../state/votes.ts';
import type { Apply } from './change.ts';

/** Replaces thresholds and trust anchors, by the votes the old thresholds ask for. */
export const setParameters: Apply<'parameters'> = ({ state, body, context }) => {
  requireAdmissionVotes(state, context);
  writeParameters(state, body);
  assertDecidable(state, context);
};
