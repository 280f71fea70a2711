import { fail } from '../errors.ts';
import type { Command, JsonObject, Module } from '../module/module.ts';
import type { AssetOf, AssetState } from './asset.ts';
import { custodySchemas } from './asset-schemas.ts';
import { isCustodian, living, stayOf } from './asset-state.ts';
import { tell } from './tell.ts';

/** Hand-over in two steps: the custodian names a receiver, the receiver confirms or declines; until then it may be taken back. */
export function custodyCommands<F extends JsonObject>(
  declaration: AssetOf<F>,
): Module<AssetState<F>>['commands'] {
  const transfer: Command<AssetState<F>, { readonly to: string; readonly reason?: string }> = {
    ...custodySchemas.transfer,
    on: 'existing',
    allow: isCustodian,
    decide: ({ state, data, context }) => {
      const asset = living(declaration, state);
      if (asset.receiver !== null || stayOf(asset)) throw fail('conflict');
      if (data.to === context.party) throw fail('out_of_range', { field: '/to' });
      return [tell(state, { type: 'transferred', data, also: [data.to] })];
    },
  };
  const receive: Command<AssetState<F>, JsonObject> = {
    ...custodySchemas.receive,
    on: 'existing',
    allow: ({ state, context }) => state?.receiver === context.party,
    decide: ({ state }) => {
      const { status } = living(declaration, state);
      return [tell(state, { type: 'received', data: { status: declaration.onReceive?.[status] ?? status } })];
    },
  };
  const decline: Command<AssetState<F>, { readonly reason?: string }> = {
    ...custodySchemas.decline,
    on: 'existing',
    // Either side: the receiver does not take it, or the custodian takes the hand-over back.
    allow: ({ state, context }) =>
      state !== undefined && [state.receiver, state.custodian].includes(context.party),
    decide: ({ state, data }) => {
      if (state?.receiver == null) throw fail('conflict');
      return [tell(state, { type: 'declined', data })];
    },
  };
  return { transfer, receive, decline };
}
