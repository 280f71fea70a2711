import { fail } from '../errors.ts';
import type { Context, JsonObject } from '../module/module.ts';
import type { AssetOf, AssetState, Stay } from './asset.ts';

/** The state of an asset that can still be moved. @throws AppError conflict */
export function living<F extends JsonObject>(
  { table }: AssetOf<F>,
  state: AssetState<F> | undefined,
): AssetState<F> {
  if (!state || !Object.hasOwn(table, state.status) || (table[state.status] ?? []).length === 0)
    throw fail('conflict', { extra: { present: state?.status ?? 'unknown' } });
  return state;
}

/** Where it is; undefined: by itself. */
export function stayOf<F>({ stays }: AssetState<F>): Stay | undefined {
  const last = stays.at(-1);
  return last?.until === null ? last : undefined;
}

export const isCustodian = <F>({
  state,
  context,
}: {
  readonly state: AssetState<F> | undefined;
  readonly context: Context;
}): boolean => state?.custodian === context.party;
