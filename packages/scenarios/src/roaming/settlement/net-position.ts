import { absolute, add, fixed, isNegative, isZero, subtract } from '../../decimal/decimal.ts';
import { fail } from '../../errors.ts';

/** What one party owes another. */
export type Debt = {
  readonly payer: string;
  readonly payee: string;
  readonly amount: string;
  readonly currency: string;
};

/**
 * What two parties owe each other in the end, one currency.
 * @returns null where it comes to nothing
 * @throws AppError currency_mismatch; invalid_argument for a third party
 */
export function netPosition(debts: readonly Debt[]): Debt | null {
  const [first] = debts;
  if (!first) return null;
  const { payer, payee, currency } = first;
  let net = '0';
  for (const [index, debt] of debts.entries()) {
    if (debt.currency !== currency) throw fail('currency_mismatch', { field: `/${index}/currency` });
    const isSame = debt.payer === payer && debt.payee === payee;
    if (!isSame && !(debt.payer === payee && debt.payee === payer))
      throw fail('invalid_argument', { field: `/${index}`, extra: { rule: 'two parties' } });
    net = isSame ? add(net, debt.amount) : subtract(net, debt.amount);
  }
  if (isZero(net)) return null;
  const decimals = Math.max(...debts.map(({ amount }) => amount.split('.')[1]?.length ?? 0));
  const amount = fixed(absolute(net), decimals);
  return isNegative(net)
    ? { payer: payee, payee: payer, amount, currency }
    : { payer, payee, amount, currency };
}
