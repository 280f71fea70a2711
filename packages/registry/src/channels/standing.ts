import type { ApplyContext } from '@attestel/ledger';
import { asItStands, type ReadModule } from '../state/as-it-stands.ts';
import { members, REGISTRY_MODULE } from '../state/collections.ts';

/**
 * Whom the consortium suspended, or who left it, acts in no channel either. Parties that never were members
 * (a member's branch, a device) are the channel's own affair.
 */
export function isBarred(read: ReadModule, did: string): boolean {
  const member = members.get(read(REGISTRY_MODULE), did);
  return member !== undefined && asItStands(read, member).status !== 'active';
}

/** Whether a DID's ledger key signed the operation and the DID may still act. */
export const hasSigned = (context: ApplyContext, did: string): boolean =>
  context.signedBy(did) && !isBarred(context.read, did);

/**
 * Distinct parties of the list that signed. Never more than there are signatures: who lists another's key as
 * its own adds no vote by it.
 */
export const countSigned = (context: ApplyContext, dids: Iterable<string>): number =>
  Math.min([...new Set(dids)].filter((did) => hasSigned(context, did)).length, context.signers.length);
