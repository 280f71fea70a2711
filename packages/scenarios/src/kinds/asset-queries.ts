import type { JsonValue } from '@attestel/core';
import type { Query, Row } from '../module/module.ts';
import { OBJECT_ID, shape, text } from '../module/shapes.ts';
import type { AssetState } from './asset.ts';
import { stayOf } from './asset-state.ts';

export function assetQueries<F>(): { readonly [name: string]: Query<AssetState<F>, never> } {
  const tree: Query<AssetState<F>, { readonly id: string }> = {
    summary: { 'zh-CN': '某资产及其所含', en: 'An asset with what it contains' },
    schema: shape({ id: OBJECT_ID }),
    run: ({ rows, args }) => {
      const known = [...rows];
      const top = known.find(({ id }) => id === args.id);
      return top ? branch(top, childrenOf(known)) : null;
    },
  };
  const history: Query<AssetState<F>, { readonly id: string }> = {
    summary: { 'zh-CN': '某资产去过的槽位与经历的状态', en: 'Slots an asset was in, and statuses it had' },
    schema: shape({ id: OBJECT_ID }),
    run: ({ rows, args }) => {
      const found = [...rows].find(({ id }) => id === args.id);
      return found ? { stays: found.state.stays, steps: found.state.steps } : null;
    },
  };
  const inStatus: Query<AssetState<F>, { readonly status: string }> = {
    summary: { 'zh-CN': '处于某状态的资产', en: 'Assets of a status' },
    schema: shape({ status: text(64) }),
    run: ({ rows, args }) =>
      [...rows].filter(({ state }) => state.status === args.status).map(({ id }) => id),
  };
  return { tree, history, inStatus };
}

type Children<F> = ReadonlyMap<string, readonly Row<AssetState<F>>[]>;

function childrenOf<F>(rows: readonly Row<AssetState<F>>[]): Children<F> {
  const children = new Map<string, Row<AssetState<F>>[]>();
  for (const row of rows) {
    const stay = stayOf(row.state);
    if (stay) children.set(stay.parent, [...(children.get(stay.parent) ?? []), row]);
  }
  return children;
}

// Levels fall from parent to child, so this ends.
function branch<F>({ id, state }: Row<AssetState<F>>, children: Children<F>): JsonValue {
  const within = (children.get(id) ?? []).map((row) => branch(row, children));
  const { status, custodian } = state;
  return { id, status, custodian, slot: stayOf(state)?.slot ?? null, children: within };
}
