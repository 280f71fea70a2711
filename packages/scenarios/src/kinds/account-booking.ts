import {
  add,
  compare,
  type Decimal,
  isNegative,
  isZero,
  negate,
  parseDecimal,
  placesOf,
  sum,
} from '../decimal/decimal.ts';
import { fail } from '../errors.ts';
import type { CommandRequest, Context, JsonObject, ModuleEvent } from '../module/module.ts';
import type { AccountOf, AccountState, Entry } from './account.ts';
import { dayOf } from './account-events.ts';
import { tell } from './tell.ts';

/** Heads of one line: the ledger moves no more objects at once. */
const MAX_ACCOUNTS = 16;

export interface Booking {
  readonly type: string;
  readonly entries: readonly Entry[];
  readonly about: JsonObject;
}

type Accounts = Pick<CommandRequest<AccountState, JsonObject>, 'state' | 'others' | 'id' | 'context'>;

/** One event for each account, which all of them may take. @throws AppError conflict, out_of_range */
export function booked<P extends JsonObject>(
  declaration: AccountOf<P>,
  { state, others, id, context }: Accounts,
  { type, entries, about }: Booking,
): readonly ModuleEvent[] {
  const accounts = new Map([...others, ...(state ? [[id, state] as const] : [])]);
  const totals = totalsOf(declaration, entries, accounts);
  return [...totals].map(([at, amount]) => {
    const before = accounts.get(at) as AccountState;
    assertTakes(declaration, { account: before, amount, context });
    const data = { kind: type, amount, about };
    const event = tell(before, { type: 'booked', data });
    return at === id ? event : { ...event, object: at };
  });
}

/** What each account gets, in the order of their ids. @throws AppError out_of_range */
function totalsOf<P extends JsonObject>(
  declaration: AccountOf<P>,
  entries: readonly Entry[],
  accounts: ReadonlyMap<string, AccountState>,
): ReadonlyMap<string, Decimal> {
  const totals = new Map<string, Decimal>();
  for (const [at, { account: of, amount }] of entries.entries()) {
    if (!accounts.has(of)) throw fail('not_found', { field: `/entries/${at}/account` });
    const exact = amountOf(declaration, absoluteText(amount), `/entries/${at}/amount`);
    totals.set(of, add(totals.get(of) ?? '0', amount.startsWith('-') ? negate(exact) : exact));
  }
  if (totals.size < 2 || totals.size > MAX_ACCOUNTS) throw fail('out_of_range', { field: '/entries' });
  if (!isZero(sum(totals.values())))
    throw fail('out_of_range', { field: '/entries', extra: { rule: 'sum' } });
  return new Map([...totals].sort(([a], [b]) => (a < b ? -1 : 1)));
}

const absoluteText = (amount: string): string => (amount.startsWith('-') ? amount.slice(1) : amount);

/** A non-negative amount of the unit. @throws AppError invalid_argument, out_of_range for too many digits */
export function amountOf<P extends JsonObject>(
  { places }: AccountOf<P>,
  text: string,
  field: string,
): Decimal {
  const amount = parseDecimal(text, field);
  if (isNegative(amount)) throw fail('out_of_range', { field });
  if (placesOf(amount) > places) throw fail('out_of_range', { field, extra: { places } });
  return amount;
}

function assertTakes<P extends JsonObject>(
  { caps = {} }: AccountOf<P>,
  { account: before, amount, context }: Taking,
): void {
  if (before.status !== 'open') throw fail('conflict', { extra: { present: before.status } });
  const after = add(before.balance, amount);
  if (isNegative(amount) && before.overdraft !== null && compare(add(after, before.overdraft), '0') < 0)
    throw fail('conflict', { extra: { rule: 'overdraft' } });
  const size = isNegative(amount) ? negate(amount) : amount;
  if (caps.entry !== undefined && compare(size, caps.entry) > 0)
    throw fail('out_of_range', { extra: { rule: 'cap of an entry' } });
  // Accounts that may go below zero without end issue and take back: no cap is meant for them.
  if (isNegative(amount) || before.overdraft === null) return;
  if (caps.balance !== undefined && compare(after, caps.balance) > 0)
    throw fail('conflict', { extra: { rule: 'cap of the balance' } });
  const today = before.day.number === dayOf(context.time) ? before.day.received : '0';
  if (caps.day !== undefined && compare(add(today, amount), caps.day) > 0)
    throw fail('conflict', { extra: { rule: 'cap of the day' } });
}

interface Taking {
  readonly account: AccountState;
  readonly amount: Decimal;
  readonly context: Context;
}
