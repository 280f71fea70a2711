/** A thing that the register expects somewhere. */
export interface Expected {
  readonly id: string;
  readonly site: string;
}

export interface Round {
  readonly site: string;
  /** Objects that the tags of the round named; one that no register knows as its text. */
  readonly seen: readonly string[];
}

export interface Stocktake {
  readonly correct: readonly string[];
  readonly missing: readonly string[];
  /** Seen here, registered elsewhere: a change of place to be decided on. */
  readonly moved: readonly { readonly id: string; readonly from: string; readonly to: string }[];
  /** Kept, for they may be somebody else's or not registered yet. */
  readonly unknown: readonly string[];
}

/** What a round through a site found: each thing once, in the order of its id. */
export function takeStock(register: readonly Expected[], { site, seen }: Round): Stocktake {
  const siteOf = new Map(register.map((item) => [item.id, item.site]));
  const found = [...new Set(seen)].sort();
  const isHere = new Set(found);
  const known = found.filter((id) => siteOf.has(id));
  const away = known.filter((id) => siteOf.get(id) !== site);
  return {
    correct: known.filter((id) => siteOf.get(id) === site),
    missing: register
      .filter((item) => item.site === site && !isHere.has(item.id))
      .map(({ id }) => id)
      .sort(),
    moved: away.map((id) => ({ id, from: siteOf.get(id) as string, to: site })),
    unknown: found.filter((id) => !siteOf.has(id)),
  };
}
