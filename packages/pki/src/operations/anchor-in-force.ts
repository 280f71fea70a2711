import { fail } from '../errors.ts';
import type { AnchorRecord } from '../state/records.ts';
import { type AnchorStanding, anchorStanding } from '../state/standing.ts';

const REFUSALS = {
  'under-notice': 'pki_anchor_not_yet',
  ended: 'pki_anchor_ended',
  suspended: 'pki_anchor_suspended',
} as const satisfies Record<Exclude<AnchorStanding, 'in-force'>, string>;

/** @throws AppError pki_anchor_not_yet, pki_anchor_ended, pki_anchor_suspended */
export function requireInForce(anchor: AnchorRecord, at: number, field = '/anchor'): void {
  const standing = anchorStanding(anchor, at);
  if (standing !== 'in-force') throw fail(REFUSALS[standing], { field });
}
