import { sum } from '../decimal/decimal.ts';
import type { JsonObject, Query } from '../module/module.ts';
import { DID, shape } from '../module/shapes.ts';
import type { AccountState } from './account.ts';

const balances: Query<AccountState, { readonly holder?: string }> = {
  summary: { 'zh-CN': '账户余额', en: 'Balances' },
  schema: shape({ holder: DID }, ['holder']),
  by: ['holder'],
  paged: true,
  run: ({ rows }) =>
    Array.from(rows, ({ id, state: { holder, status, balance, period } }) => ({
      ...{ id, holder, status, balance, period },
    })),
};

const total: Query<AccountState, JsonObject> = {
  summary: {
    'zh-CN': '可见账户余额之和；看到全部账户时为零',
    en: 'Sum of the balances seen: zero for whoever sees all accounts',
  },
  schema: shape({}),
  run: ({ rows }) => sum([...rows].map(({ state }) => state.balance)),
};

export const accountQueries: { readonly [name: string]: Query<AccountState, never> } = { balances, total };
