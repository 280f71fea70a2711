import { verifyPortingRecords } from '@attestel/credentials';
import { type CheckOptions, translate } from './check-presentation.ts';

/**
 * Operators a line was ported from, nearest first, each hand-over verified. A record that does not verify
 * refuses the presentation: dropping it silently would give the person a second account.
 */
export async function verifyPortings(
  records: readonly string[],
  line: { readonly issuerDid: string; readonly handle: string },
  { resolver, registry, clock }: CheckOptions,
): Promise<readonly string[]> {
  if (records.length === 0) return [];
  try {
    const oldestFirst = await verifyPortingRecords({
      records,
      ...line,
      resolver,
      clock,
      // An operator that has left since still handed over when it was one.
      isOperator: (did) => registry.member(did)?.roles.includes('operator') ?? false,
    });
    return [...oldestFirst].reverse();
  } catch (cause) {
    throw translate(cause);
  }
}
