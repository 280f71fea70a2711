import { fail } from '../errors.ts';
import type { Command, JsonObject } from '../module/module.ts';
import type { AssetOf, AssetRequest, AssetState } from './asset.ts';
import { type AttachData, containmentSchemas } from './asset-schemas.ts';
import { isCustodian, living, stayOf } from './asset-state.ts';
import { tell } from './tell.ts';

/** Puts an asset into a slot of another one of the same custodian; the ledger holds the slot for it. */
export function attachOf<F extends JsonObject>(declaration: AssetOf<F>): Command<AssetState<F>, AttachData> {
  return {
    ...containmentSchemas.attach,
    on: 'existing',
    reads: ({ data }) => [{ module: declaration.name, id: data.parent }],
    allow: isCustodian,
    decide: (request) => {
      const { state, data } = request;
      assertFits(declaration, request);
      const hold = [slotKey(data.parent, data.slot)];
      return [tell(state, { type: 'attached', data, hold })];
    },
  };
}

export function detachOf<F extends JsonObject>(
  declaration: AssetOf<F>,
): Command<AssetState<F>, { readonly reason?: string }> {
  return {
    ...containmentSchemas.detach,
    on: 'existing',
    allow: isCustodian,
    decide: ({ state, data }) => {
      const stay = stayOf(living(declaration, state));
      if (!stay) throw fail('conflict', { extra: { rule: 'not attached' } });
      return [tell(state, { type: 'detached', data, release: [slotKey(stay.parent, stay.slot)] })];
    },
  };
}

const slotKey = (parent: string, slot: string): string => `slot|${parent}|${slot}`;

function assertFits<F extends JsonObject>(
  declaration: AssetOf<F>,
  { state, data, context, id }: AssetRequest<F, AttachData>,
): void {
  const child = living(declaration, state);
  if (stayOf(child) || child.receiver !== null)
    throw fail('conflict', { extra: { rule: 'attached or handed over' } });
  const read = context.read(declaration.name, data.parent) as AssetState<F> | undefined;
  if (!read) throw fail('not_found', { field: '/parent' });
  const parent = living(declaration, read);
  if (parent.custodian !== context.party) throw fail('permission_denied', { field: '/parent' });
  const { containment } = declaration;
  const takes = containment?.parentIn?.includes(parent.status) ?? true;
  if (!takes) throw fail('conflict', { field: '/parent', extra: { present: parent.status } });
  const above = containment ? containment.level(parent.facts) > containment.level(child.facts) : false;
  const fits = containment?.fits({ child: child.facts, parent: parent.facts, slot: data.slot }) ?? false;
  if (id === data.parent || !above || !fits) throw fail('out_of_range', { field: '/slot' });
}
