/** A thing as one channel has it. */
export interface Numbered {
  readonly channel: string;
  readonly id: string;
  readonly vendor: string;
  readonly serial: string;
}

/** One number that stands for several things. */
export interface Duplicate {
  readonly vendor: string;
  readonly serial: string;
  readonly places: readonly Pick<Numbered, 'channel' | 'id'>[];
}

/**
 * Vendors' numbers that several things have. The ledger takes a number once in each channel; a group has a channel for
 * each province, and compares them. Without regard to case, as labels are read; in the order of vendor and number.
 */
export function duplicatesOf(things: readonly Numbered[]): readonly Duplicate[] {
  const groups = new Map<string, Numbered[]>();
  for (const thing of things) {
    const key = JSON.stringify([thing.vendor, thing.serial]).normalize('NFKC').toUpperCase();
    const group = groups.get(key);
    if (group) group.push(thing);
    else groups.set(key, [thing]);
  }
  return [...groups]
    .filter(([, group]) => group.length > 1)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, group]) => ({
      ...{ vendor: group[0]?.vendor ?? '', serial: group[0]?.serial ?? '' },
      places: group.map(({ channel, id }) => ({ channel, id })),
    }));
}
