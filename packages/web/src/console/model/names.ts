import type { Locale } from '@attestel/core';
import type { Member } from '../api/types.ts';

/** Organisations by DID. */
export type Names = ReadonlyMap<string, Member['name']>;

export const namesOf = (members: readonly Member[]): Names =>
  new Map(members.map(({ did, name }) => [did, name]));

/** Name of an organisation; of somebody unknown both ends of the DID, so that two are told apart. */
export function nameOf(names: Names, did: string, locale: Locale): string {
  const known = names.get(did)?.[locale];
  if (known !== undefined) return known;
  return did.length <= 28 ? did : `${did.slice(0, 14)}…${did.slice(-8)}`;
}
