import { fail } from '../errors.ts';
import { members, readParameters, writeParameters } from '../state/collections.ts';
import { assertDecidable } from '../state/votes.ts';
import type { Apply } from './change.ts';

/** Founds the registry: in block 1, once, signed by every founder. */
export const found: Apply<'genesis'> = ({ state, body, context }) => {
  if (context.height !== 1 || readParameters(state)) throw fail('registry_founded');
  const { founders, ...parameters } = body;
  for (const founder of founders) {
    if (!context.signedBy(founder.did)) throw fail('registry_founder_missing');
    members.put(state, founder.did, { ...founder, status: 'active', statusSince: context.time });
  }
  writeParameters(state, parameters);
  assertDecidable(state, context);
};
