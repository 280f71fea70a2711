import type { HistoryLine } from '../api/types.ts';

/**
 * Flags that the rules of a record put on items of one line, by their place in its batch: records number items over all
 * batches, and say which is the first.
 */
export function flagsOf({
  events = [],
}: Pick<HistoryLine, 'events'>): ReadonlyMap<number, readonly string[]> {
  const flags = new Map<number, readonly string[]>();
  for (const { data } of events) {
    const { first, flagged } = data;
    if (typeof first !== 'number' || !Array.isArray(flagged)) continue;
    for (const one of flagged.filter(isFlagged)) flags.set(one.item - first, one.flags);
  }
  return flags;
}

type Flagged = { readonly item: number; readonly flags: readonly string[] };

function isFlagged(value: unknown): value is Flagged {
  const { item, flags } = (value ?? {}) as Partial<Flagged>;
  return typeof item === 'number' && Array.isArray(flags) && flags.every((flag) => typeof flag === 'string');
}
