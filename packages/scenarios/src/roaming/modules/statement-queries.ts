import type { JsonValue } from '@attestel/core';
import { add, sum } from '../../decimal/decimal.ts';
import { CURRENCY } from '../../decimal/money.ts';
import type { JsonObject, Query, Row } from '../../module/module.ts';
import { DID, shape } from '../../module/shapes.ts';
import { PERIOD } from '../period.ts';
import { type Debt, netPosition } from '../settlement/net-position.ts';
import { billingOf, type StatementState } from './billing.ts';
import type { StatementTerms } from './statement-schema.ts';

type State = StatementState;

export function statementQueries(): { readonly [name: string]: Query<State, never> } {
  return { waiting: waiting(), netPosition: openNet(), accrual: accrual() };
}

function waiting(): Query<State, JsonObject> {
  return {
    summary: { 'zh-CN': '结算单状态：谁在等谁', en: 'State of each statement, and who has to act' },
    schema: shape({}),
    run: ({ rows }) => [...rows].map(({ id, state }) => ({ id, ...stageOf(state) })),
  };
}

type Stage = { readonly stage: string; readonly waitsFor: string | null };

/** Where a statement is on its way, and whose turn it is. */
export function stageOf(state: State): Stage {
  const { pending, parties, agreed, status } = state;
  const { received, paid, confirmed } = billingOf(state);
  if (pending) {
    const other = parties.find((party) => party !== pending.by) ?? null;
    return { stage: received === undefined ? 'sent' : 'received', waitsFor: other };
  }
  if (status !== 'agreed') return { stage: status, waitsFor: null };
  const net = agreed.at(-1)?.terms.result.net ?? null;
  if (!net || confirmed !== undefined) return { stage: net ? 'confirmed' : 'accepted', waitsFor: null };
  return paid ? { stage: 'paid', waitsFor: net.payee } : { stage: 'accepted', waitsFor: net.payer };
}

function openNet(): Query<State, { readonly partner: string; readonly currency: string }> {
  return {
    summary: {
      'zh-CN': '与伙伴的未付净额',
      en: 'What is still to be paid between the reader and a partner, net',
    },
    schema: shape({ partner: DID, currency: CURRENCY }),
    run: ({ rows, args, reader }) => {
      const open = [...rows].flatMap(({ id, state }): readonly { id: string; debt: Debt }[] => {
        const debt = state.status === 'agreed' ? state.agreed.at(-1)?.terms.result.net : null;
        const isTheirs = state.parties.includes(args.partner) && state.parties.includes(reader.party);
        const isOpen = debt && !billingOf(state).paid && debt.currency === args.currency;
        return isTheirs && isOpen ? [{ id, debt }] : [];
      });
      return { net: netPosition(open.map(({ debt }) => debt)), statements: open.map(({ id }) => id) };
    },
  };
}

type Booked = {
  readonly statement: string;
  readonly counterparty: string;
  readonly side: 'payable' | 'receivable';
  readonly service: string;
  readonly amount: string;
  readonly allotment: string;
};

function accrual(): Query<State, { readonly period: string }> {
  return {
    summary: {
      'zh-CN': '某月的应付、应收与暂估，逐行可审计',
      en: 'Payable, receivable and accrued (not yet accepted) of a month, line by line for audit',
    },
    schema: shape({ period: PERIOD }),
    run: ({ rows, args, reader }) => {
      const found = [...rows].filter(({ state }) => state.parties.includes(reader.party));
      const accepted = found.flatMap((row) =>
        row.state.status === 'agreed'
          ? bookedOf(row, row.state.agreed.at(-1)?.terms, [args.period, reader.party])
          : [],
      );
      const accrued = found.flatMap((row) =>
        row.state.pending && row.state.agreed.length === 0
          ? bookedOf(row, row.state.pending.terms, [args.period, reader.party])
          : [],
      );
      return {
        period: args.period,
        accepted: { rows: accepted, ...totalsOf(accepted) },
        accrued: { rows: accrued, ...totalsOf(accrued) },
      } as unknown as JsonValue;
    },
  };
}

/** Lines of a statement that ends in the month, from the reader's side. */
function bookedOf(
  { id, state }: Row<State>,
  terms: StatementTerms | undefined,
  [period, reader]: readonly [string, string],
): readonly Booked[] {
  if (terms?.periods.to !== period) return [];
  const counterparty = state.parties.find((party) => party !== reader) ?? '';
  const lines = terms.result.directions.flatMap(({ home, lines: priced }) =>
    priced.map(({ service, amount, allotment }): Booked => {
      const side = home === reader ? 'payable' : 'receivable';
      return { statement: id, counterparty, side, service, amount, allotment };
    }),
  );
  const credits = terms.result.credits.map(({ payer, amount }): Booked => {
    const side = payer === reader ? 'payable' : 'receivable';
    return { statement: id, counterparty, side, service: 'credit', amount, allotment: '0' };
  });
  return [...lines, ...credits];
}

function totalsOf(rows: readonly Booked[]): { readonly payable: string; readonly receivable: string } {
  const total = (side: Booked['side']): string =>
    sum(rows.filter((row) => row.side === side).map(({ amount, allotment }) => add(amount, allotment)));
  return { payable: total('payable'), receivable: total('receivable') };
}
