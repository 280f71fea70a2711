import type { ApplyContext } from '@attestel/ledger';
import { asItStands, type ReadModule } from '../state/as-it-stands.ts';
import { members, REGISTRY_MODULE } from '../state/collections.ts';
import { countDistinct, signingKeysOf } from '../state/signing-keys.ts';

/**
 * Whom the consortium suspended, or who left it, acts in no channel either. Parties that never were members
 * (a member's branch, a device) are the channel's own affair.
 */
export function isBarred(read: ReadModule, did: string): boolean {
  const member = members.get(read(REGISTRY_MODULE), did);
  return member !== undefined && asItStands(read, member).status !== 'active';
}

/** Ledger keys by which a DID that may still act signed the operation, in hex. */
export const actingKeysOf = (context: ApplyContext, did: string): readonly string[] =>
  isBarred(context.read, did) ? [] : signingKeysOf(context, did);

/** Whether a DID's ledger key signed the operation and the DID may still act. */
export const hasSigned = (context: ApplyContext, did: string): boolean =>
  actingKeysOf(context, did).length > 0;

/** Distinct parties of the list that signed, each by a key that counts for no other. */
export const countSigned = (context: ApplyContext, dids: Iterable<string>): number =>
  countDistinct([...new Set(dids)].map((did) => actingKeysOf(context, did)));
