import { AMOUNT, add, DECIMAL, type Decimal, isNegative, negate } from '../decimal/decimal.ts';
import type { JsonObject, JsonSchema, Recorded } from '../module/module.ts';
import { DID, integer, nullable, oneOf, prose, shape, text } from '../module/shapes.ts';
import type { AccountOf, AccountState, Period } from './account.ts';
import { beginning, partiesOf } from './declaration.ts';

const COUNT = integer(0, Number.MAX_SAFE_INTEGER);

export const accountEvents = <P extends JsonObject>({
  posting,
  redemption,
}: AccountOf<P>): { readonly [type: string]: JsonSchema } => ({
  opened: shape({ holder: DID, overdraft: nullable(AMOUNT) }),
  turned: shape({ to: oneOf('open', 'frozen', 'closed'), reason: prose(2000) }, ['reason']),
  booked: shape({
    kind: oneOf('posting', 'transfer', 'redemption', 'payment'),
    amount: DECIMAL,
    // What the command said, beside accounts and amount.
    about: {
      anyOf: [
        posting.schema,
        shape({ reference: text(140), what: redemption ?? shape({}) }, ['reference', 'what']),
      ],
    },
  }),
  stated: shape({
    number: COUNT,
    opening: DECIMAL,
    received: AMOUNT,
    spent: AMOUNT,
    entries: COUNT,
    closing: DECIMAL,
  }),
});

const NOTHING: Period = { opening: '0', received: '0', spent: '0', entries: 0 };

export const unknownAccount = (event: Recorded): AccountState => ({
  ...beginning(event),
  status: 'unknown',
  holder: event.party,
  keeper: event.party,
  balance: '0',
  overdraft: '0',
  entries: 0,
  period: NOTHING,
  day: { number: 0, received: '0' },
  statements: 0,
});

interface Data {
  readonly holder: string;
  readonly overdraft: Decimal | null;
  readonly to: 'open' | 'frozen' | 'closed';
  readonly amount: Decimal;
  readonly number: number;
  readonly closing: Decimal;
}

/** Total. A statement says the balance anew: what was booked before it may be gone. */
export function evolveAccount(state: AccountState, event: Recorded): AccountState {
  const data = event.data as unknown as Data;
  switch (event.type) {
    case 'opened': {
      const parties = partiesOf(...state.parties, ...event.parties);
      const { holder, overdraft } = data;
      return { ...state, status: 'open', parties, holder, overdraft };
    }
    case 'turned':
      return { ...state, status: data.to };
    case 'booked':
      return withEntry(state, data.amount, event);
    case 'stated':
      return {
        ...state,
        balance: data.closing,
        statements: data.number,
        period: { ...NOTHING, opening: data.closing },
      };
    default:
      return state;
  }
}

/** Days of UTC since 1970. */
export const dayOf = (time: number): number => Math.floor(time / 86_400);

function withEntry(state: AccountState, amount: Decimal, { time }: Recorded): AccountState {
  const { period, entries, balance } = state;
  const [received, spent] = isNegative(amount) ? ['0', negate(amount)] : [amount, '0'];
  const number = dayOf(time);
  const before = state.day.number === number ? state.day.received : '0';
  return {
    ...state,
    balance: add(balance, amount),
    entries: entries + 1,
    period: {
      opening: period.opening,
      received: add(period.received, received),
      spent: add(period.spent, spent),
      entries: period.entries + 1,
    },
    day: { number, received: add(before, received) },
  };
}
