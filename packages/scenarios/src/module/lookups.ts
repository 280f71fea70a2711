import type { JsonValue } from '@attestel/core';
import type { Module, Query, Row } from './module.ts';

/** A value by which objects are found. */
export type Key = string | number | boolean | null;

/** Several: any of them. Undefined: of a state, that it is not found by this index; of a match, whatever it is. */
export type Keys = Key | readonly Key[] | undefined;

/** What objects must have to be found, by the names of indexes; `id` is one that every module has. */
export interface Match {
  readonly [index: string]: Keys;
}

/** Whether an object is found by all that a match names. @throws TypeError for an index that is not declared */
export const matches = <S>(module: Pick<Module<S>, 'name' | 'indexes'>, row: Row<S>, match: Match): boolean =>
  Object.entries(match).every(([index, wanted]) => {
    if (wanted === undefined) return true;
    const keys = listOf(keysOf(module, index, row));
    return listOf(wanted).some((key) => keys.includes(key));
  });

/** @throws TypeError for an index that is not declared */
export function keysOf<S>(
  { name, indexes = {} }: Pick<Module<S>, 'name' | 'indexes'>,
  index: string,
  { id, state }: Row<S>,
): Keys {
  if (index === 'id') return id;
  const declared = Object.hasOwn(indexes, index) ? indexes[index] : undefined;
  if (!declared) throw new TypeError(`${name}: no index ${index}`);
  return declared(state);
}

export const listOf = (keys: Keys): readonly Key[] => {
  if (keys === undefined) return [];
  return isList(keys) ? keys : [keys];
};

const isList = (keys: Key | readonly Key[]): keys is readonly Key[] => Array.isArray(keys);

/** What a query with these arguments looks at. */
export function matchOf<S>({ by = [] }: Pick<Query<S>, 'by'>, args: JsonValue): Match {
  const given = args as { readonly [argument: string]: Keys };
  return Object.fromEntries(by.map((argument) => [argument, given[argument]]));
}
