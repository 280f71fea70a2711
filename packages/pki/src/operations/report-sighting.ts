import { fail } from '../errors.ts';
import { epochOf } from '../rules/sightings.ts';
import { requireActor } from '../state/authority.ts';
import type { Apply } from './change.ts';
import { assertPrevious } from './previous.ts';

/**
 * An operator says, in tokens, which visiting certificates hold tunnels at its gateways in this epoch. Nothing is kept in the
 * state: other operators compare the log with what they see themselves, and whoever has the authority suspends.
 */
export const reportSighting: Apply<'sighting.report'> = ({ body, actor, operation, context }) => {
  requireActor(context, actor, ['operator']);
  assertPrevious(operation, null);
  const now = epochOf(context.time);
  // One that was signed in the epoch before may be late; an older one is no news, and one to come is a lie.
  if (body.epoch !== now && body.epoch !== now - 1) throw fail('pki_sighting_epoch', { field: '/epoch' });
  return { operator: actor, epoch: body.epoch, count: body.tokens.length };
};
