import { type Debt, netPosition } from './net-position.ts';
import { type Settlement, settle } from './settle.ts';
import type { Tariff } from './tariff.ts';
import type { UsageRow } from './usage-row.ts';

/** Usage as one party counts it. */
export interface Counted {
  readonly owner: string;
  readonly rows: readonly UsageRow[];
}

export interface StatementInput {
  readonly tariff: Tariff;
  /** Both parties of the tariff. */
  readonly parties: readonly string[];
  readonly usage: readonly Counted[];
  /** First and last month. */
  readonly periods: { readonly from: string; readonly to: string };
  readonly closing: boolean;
  /** What was credited in disputes. */
  readonly credits: readonly Debt[];
}

export type StatementResult = Settlement & {
  readonly credits: readonly Debt[];
  /** What is paid in the end; null where it comes to nothing. */
  readonly net: Debt | null;
};

/**
 * A statement: what each home party owes for its customers' usage, as the visited network counted it (it is the one that
 * sends the files), less what was credited, and the net of both directions. The same input gives the same statement at
 * both parties.
 * @throws AppError currency_mismatch
 */
export function computeStatement(input: StatementInput): StatementResult {
  const { tariff, parties, usage, periods, closing, credits } = input;
  const rows = usage.flatMap(({ owner, rows: counted }) => {
    const own = new Set(
      tariff.discounts.flatMap(({ home, groups }) =>
        groups.flatMap(({ homeTadigs, visitorTadigs }) => (home === owner ? homeTadigs : visitorTadigs)),
      ),
    );
    return counted.filter(
      ({ homeTadig, period }) => !own.has(homeTadig) && periods.from <= period && period <= periods.to,
    );
  });
  const settlement = settle(tariff, rows, { closing });
  const debts = settlement.directions.map(({ home, due }) => ({
    payer: home,
    payee: parties.find((party) => party !== home) ?? home,
    amount: due,
    currency: tariff.currency,
  }));
  return { ...settlement, credits, net: netPosition([...debts, ...credits]) };
}
