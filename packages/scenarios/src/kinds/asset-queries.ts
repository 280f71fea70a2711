import type { JsonValue } from '@attestel/core';
import type { Query, Row } from '../module/module.ts';
import { OBJECT_ID, shape, text } from '../module/shapes.ts';
import type { AssetState } from './asset.ts';
import { stayOf } from './asset-state.ts';

export function assetQueries<F>(): { readonly [name: string]: Query<AssetState<F>, never> } {
  const tree: Query<AssetState<F>, { readonly id: string }> = {
    summary: { 'zh-CN': '某资产及其所含', en: 'An asset with what it contains' },
    schema: shape({ id: OBJECT_ID }),
    by: ['id'],
    run: ({ rows, find }) => {
      const [top] = rows;
      return top ? branch(top, (parent) => find({ parent })) : null;
    },
  };
  const history: Query<AssetState<F>, { readonly id: string }> = {
    summary: { 'zh-CN': '某资产去过的槽位与经历的状态', en: 'Slots an asset was in, and statuses it had' },
    schema: shape({ id: OBJECT_ID }),
    by: ['id'],
    run: ({ rows }) => {
      const [found] = rows;
      return found ? { stays: found.state.stays, steps: found.state.steps } : null;
    },
  };
  const inStatus: Query<AssetState<F>, { readonly status: string }> = {
    summary: { 'zh-CN': '处于某状态的资产', en: 'Assets of a status' },
    schema: shape({ status: text(64) }),
    by: ['status'],
    paged: true,
    run: ({ rows }) => Array.from(rows, ({ id }) => id),
  };
  return { tree, history, inStatus };
}

type Children<F> = (parent: string) => Iterable<Row<AssetState<F>>>;

// Levels fall from parent to child, so this ends.
function branch<F>({ id, state }: Row<AssetState<F>>, childrenOf: Children<F>): JsonValue {
  const within = Array.from(childrenOf(id), (row) => branch(row, childrenOf));
  const { status, custodian } = state;
  return { id, status, custodian, slot: stayOf(state)?.slot ?? null, children: within };
}
