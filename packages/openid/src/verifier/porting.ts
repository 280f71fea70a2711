import { readPortingRecords, verifyPortingRecords } from '@attestel/credentials';
import { type CheckOptions, translate } from './check-presentation.ts';
import type { Porting, Presentation } from './types.ts';

/**
 * What a card says about hand-overs of its line, oldest first: form and chain, not yet the signatures. Only
 * what moves an account needs those, and who needs no move must not depend on the keys of earlier operators.
 */
export function readPortings(
  records: readonly string[],
  line: { readonly issuerDid: string; readonly handle: string },
  { clock }: Pick<CheckOptions, 'clock'>,
): readonly Porting[] {
  try {
    const chain = readPortingRecords({ records, ...line, clock });
    return chain.map(({ from, at }, i) => ({ from, at, record: records[i] as string }));
  } catch (cause) {
    throw translate(cause);
  }
}

/**
 * Verifies the hand-overs of a card from the given one on. One that does not verify refuses the
 * presentation: dropping it silently would give the person a second account.
 */
export async function verifyPortings(
  { portings, handle, issuerDid }: Pick<Presentation, 'portings' | 'handle' | 'issuerDid'>,
  first: number,
  { resolver, registry, clock }: Pick<CheckOptions, 'resolver' | 'registry' | 'clock'>,
): Promise<void> {
  const records = portings.slice(first).map(({ record }) => record);
  try {
    await verifyPortingRecords({ records, handle, issuerDid, resolver, registry, clock });
  } catch (cause) {
    throw translate(cause);
  }
}
