import { canonicalizeJson, type JsonValue } from '@attestel/core';
import { fail } from '../../errors.ts';
import type { AgreementState } from '../../kinds/agreement.ts';
import { agreedAt } from '../../kinds/agreement-queries.ts';
import type { Context, ObjectName } from '../../module/module.ts';
import { periodAt, periodStart } from '../period.ts';
import type { Debt } from '../settlement/net-position.ts';
import { type Counted, computeStatement, type StatementResult } from '../settlement/statement.ts';
import type { Tariff } from '../settlement/tariff.ts';
import { refuse } from '../xml/element.ts';
import type { CreditTerms } from './credit.ts';
import type { StatementTerms } from './statement-schema.ts';
import { summaryOf, type UsageState } from './usage.ts';

/** Months of a statement: each takes a token for each record, of which a line has 64. */
const MAX_MONTHS = 24;

export type StatementInputs = Omit<StatementTerms, 'result'>;

/** Objects that a statement is computed from. */
export const readsOf = ({ tariff, usage, credits }: StatementInputs): readonly ObjectName[] => [
  { module: 'roaming.iot', id: tariff.id },
  ...usage.map((id) => ({ module: 'roaming.usage', id })),
  ...credits.map((id) => ({ module: 'roaming.credit', id })),
];

/** Tokens of what a statement settles: no month of a record and no credit is settled twice. */
export const keysOf = ({ usage, credits, periods }: StatementInputs): readonly string[] => [
  ...usage.flatMap((id) => monthsOf(periods).map((month) => `settled|${id}|${month}`)),
  ...credits.map((id) => `credited|${id}`),
];

/**
 * The result that the terms must have, from the states of what they name.
 * @param parties of the statement
 * @throws AppError not_found, conflict, out_of_range, invalid_argument with pointers below `/terms`; currency_mismatch
 */
export function resultOf(
  terms: StatementInputs,
  { parties, read }: { readonly parties: readonly string[]; readonly read: Context['read'] },
): StatementResult {
  const { periods, closing } = terms;
  monthsOf(periods);
  const tariff = tariffOf(terms, parties, read);
  if (closing && (periods.from !== tariff.term.from || periods.to !== tariff.term.to))
    throw refuse('/terms/closing', 'the whole term');
  return computeStatement({
    tariff,
    parties,
    periods,
    closing,
    usage: terms.usage.map((id, index) => countedOf(id, { index, parties, read, currency: tariff.currency })),
    credits: terms.credits.map((id, index) => creditOf(id, { index, parties, read })),
  });
}

/** @throws AppError invalid_argument where the terms say another result than the one computed */
export function checkResult(
  terms: StatementTerms,
  { parties, context }: { readonly parties: readonly string[]; readonly context: Context },
): void {
  const computed = resultOf(terms, { parties, read: context.read });
  const said = canonicalizeJson(terms.result as unknown as JsonValue);
  if (canonicalizeJson(computed as unknown as JsonValue) !== said)
    throw refuse('/terms/result', 'as computed');
}

/** All months from the first to the last. @throws AppError out_of_range */
function monthsOf({ from, to }: StatementTerms['periods']): readonly string[] {
  const numberOf = (period: string): number => Number(period.slice(0, 4)) * 12 + Number(period.slice(4)) - 1;
  const [first, count] = [numberOf(from), numberOf(to) - numberOf(from) + 1];
  if (count < 1 || count > MAX_MONTHS) throw fail('out_of_range', { field: '/terms/periods/to' });
  return Array.from({ length: count }, (_, index) => {
    const month = first + index;
    return `${Math.floor(month / 12)}${String((month % 12) + 1).padStart(2, '0')}`;
  });
}

function tariffOf(
  { tariff: { id, version }, periods }: StatementInputs,
  parties: readonly string[],
  read: Context['read'],
): Tariff {
  const state = read('roaming.iot', id) as AgreementState<Tariff> | undefined;
  if (!state || state.parties.join() !== parties.join())
    throw fail('not_found', { field: '/terms/tariff/id' });
  for (const month of monthsOf(periods)) {
    // A tariff may begin within a month: the one that ends the month settles it.
    const last = agreedAt(state, nextMonth(month) - 1);
    if (last?.version !== version)
      throw fail('conflict', {
        field: '/terms/tariff/version',
        extra: { month, inForce: last?.version ?? 0 },
      });
  }
  const body = state.agreed.find((agreed) => agreed.version === version);
  if (!body) throw fail('not_found', { field: '/terms/tariff/version' });
  return body.terms;
}

const nextMonth = (month: string): number => periodStart(periodAt(periodStart(month) + 32 * 86_400));

interface At {
  readonly index: number;
  readonly parties: readonly string[];
  readonly read: Context['read'];
}

function countedOf(
  id: string,
  { index, parties, read, currency }: At & { readonly currency: string },
): Counted {
  const field = `/terms/usage/${index}`;
  const state = read('roaming.usage', id) as UsageState | undefined;
  if (!state || !parties.includes(state.owner)) throw fail('not_found', { field });
  const { rows, corrected } = summaryOf(state);
  if (corrected) throw fail('conflict', { field, extra: { rule: 'corrected: submit a new record' } });
  if (rows.some((row) => row.currency !== currency)) throw fail('currency_mismatch', { field });
  return { owner: state.owner, rows };
}

function creditOf(id: string, { index, parties, read }: At): Debt {
  const field = `/terms/credits/${index}`;
  const state = read('roaming.credit', id) as AgreementState<CreditTerms> | undefined;
  const terms = state?.status === 'agreed' ? state.agreed.at(-1)?.terms : undefined;
  if (!terms || state?.parties.join() !== parties.join()) throw fail('not_found', { field });
  const { payer, payee, amount, currency } = terms;
  return { payer, payee, amount, currency };
}
