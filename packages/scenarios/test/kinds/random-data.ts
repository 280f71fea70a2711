import type { JsonValue } from '@attestel/core';
import type { JsonObject } from '../../src/module/module.ts';
import { A, B, C } from './samples.ts';

/** What data is made of. */
export interface Ingredients {
  readonly state: { readonly [field: string]: JsonValue } & {
    readonly sequence?: JsonValue;
    readonly facts?: JsonValue;
  };
  readonly id: string;
  readonly other: string;
  readonly did: string;
  /** Objects that there are. */
  readonly count: number;
  readonly pick: number;
}

type Recipes = { readonly [command: string]: (from: Ingredients) => JsonObject };

const versionOf = ({ state }: Ingredients): { readonly version: number } => ({
  version: (state as { readonly pending?: { readonly version: number } | null }).pending?.version ?? 1,
});

const agreementOver = (terms: (pick: number) => JsonObject): Recipes => ({
  propose: ({ pick }) => ({ parties: [A, B], terms: terms(pick) }),
  counter: (from) => ({ ...versionOf(from), terms: terms(from.pick) }),
  supersede: ({ pick }) => ({ terms: terms(pick) }),
  sign: versionOf,
  reject: versionOf,
  withdraw: versionOf,
});

const acknowledge = ({ other }: Ingredients): JsonObject => ({ document: other, version: 1 });

const RECIPES: { readonly [module: string]: Recipes } = {
  'test.lease': agreementOver((pick) => ({ slot: `s${pick % 3}` })),
  'test.council': agreementOver(() => ({})),
  'test.sheet': {
    publish: ({ pick }) => ({ body: { code: `c${pick}` } }),
    supersede: ({ pick }) => ({ body: { code: `c${pick}` } }),
    acknowledge,
  },
  'test.memo': {
    publish: ({ did }) => ({ body: {}, audience: [did] }),
    supersede: ({ did }) => ({ body: {}, audience: [did] }),
    acknowledge,
  },
  'test.readings': {
    submit: ({ state, pick, did }) => ({
      head: { number: Number(state.sequence ?? 0) + (pick % 5 === 0 ? 2 : 1) },
      items: Array.from({ length: pick }, (_, at) => ({ value: `${(at % 5) * 77}` })),
      to: [did],
    }),
    correct: ({ pick }) => ({ item: pick, value: null, reason: 'wrong' }),
  },
  'test.board': {
    register: ({ count, pick }) => ({ facts: { serial: `n${count}`, rank: pick % 4 } }),
    update: ({ state }) => ({ facts: state.facts ?? {} }),
    transition: ({ pick }) => ({ to: ['stored', 'inService', 'repair', 'inService'][pick % 4] ?? '' }),
    attach: ({ other, pick }) => ({ parent: other, slot: `s${pick % 2}` }),
    transfer: ({ did }) => ({ to: did }),
  },
  'test.permit': {
    request: ({ pick }) => ({
      scope: { door: 'north', times: 1 + (pick % 3) },
      approvers: [A, B, C],
      parties: [A, B, C],
    }),
    approve: ({ state }) => ({
      step: ((state as { approvals?: readonly unknown[] }).approvals ?? []).length > 0 ? 'security' : 'head',
    }),
    use: () => ({ use: { door: 'north' } }),
  },
  'test.points': {
    open: ({ did, pick }) => ({
      holder: did,
      overdraft: pick % 2 === 0 ? null : `${pick}`,
      parties: [A, B, C],
    }),
    post: ({ id, other, pick }) => ({
      moves: [
        { account: id, amount: `-${pick}.5` },
        { account: other, amount: `${pick}.5` },
      ],
    }),
    transfer: ({ other, pick }) => ({ to: other, amount: `${pick}.1` }),
    pay: ({ other, pick }) => ({ to: other, amount: `${pick}.25`, reference: 'r' }),
    redeem: ({ other, pick }) => ({ to: other, amount: `${pick}.25`, what: { prize: 'p' } }),
  },
  'test.fault': {
    open: ({ did }) => ({ category: 'line', facts: { severity: 'minor', cost: '1' }, parties: [did] }),
    assign: ({ did }) => ({ to: did }),
    escalate: ({ did }) => ({ to: did }),
    comment: () => ({ text: 'so' }),
  },
};

/** Data that a command may well take: what is wrong with it, the rules refuse. */
export const dataFor = (module: string, command: string, from: Ingredients): JsonObject =>
  RECIPES[module]?.[command]?.(from) ?? {};
