import { type Decimal, isZero, negate } from '../decimal/decimal.ts';
import { fail } from '../errors.ts';
import type { Command, CommandRequest, JsonObject, JsonSchema, Module } from '../module/module.ts';
import { amountOf, booked } from './account-booking.ts';
import { accountEvents, evolveAccount, unknownAccount } from './account-events.ts';
import { accountQueries } from './account-queries.ts';
import { accountSchemas, type MoveData, type OpenAccount } from './account-schemas.ts';
import { assemble } from './assemble.ts';
import { type Common, type Declaration, partiesOf } from './declaration.ts';
import { tell } from './tell.ts';

export type AccountState = Common & {
  readonly status: 'open' | 'frozen' | 'closed' | 'unknown';
  /** An organisation, or a person or device that acts through the keeper. */
  readonly holder: string;
  /** Who opened it: keeps the accounts, posts, freezes. */
  readonly keeper: string;
  readonly balance: Decimal;
  /** How far below zero it may go, not negative; null: as far as need be, as the account that issues points. */
  readonly overdraft: Decimal | null;
  readonly entries: number;
  /** Sums since the last statement. */
  readonly period: Period;
  /** What came in on one day of UTC, for the cap. */
  readonly day: { readonly number: number; readonly received: Decimal };
  readonly statements: number;
};

export type Period = {
  readonly opening: Decimal;
  readonly received: Decimal;
  readonly spent: Decimal;
  readonly entries: number;
};

export type Entry = { readonly account: string; readonly amount: Decimal };

export interface AccountOf<P extends JsonObject = JsonObject> extends Declaration<AccountState> {
  /** What is counted: a currency of ISO 4217, XDR, or points. */
  readonly unit: string;
  /** Digits after the point; an amount with more is refused, not rounded. */
  readonly places: number;
  readonly caps?: {
    /** Of one entry, of what one account receives on a day (UTC), of a balance. */
    readonly entry?: Decimal;
    readonly day?: Decimal;
    readonly balance?: Decimal;
  };
  /**
   * Posting is by rule only: what was done, and the entries that follow from it. They name the account of the
   * command or its `objects`, and add up to zero.
   */
  readonly posting: {
    readonly schema: JsonSchema;
    accounts(data: P): readonly string[];
    entries(request: CommandRequest<AccountState, P>): readonly Entry[];
  };
  /** What a redemption says beside the amount; default: nothing. */
  readonly redemption?: JsonSchema;
}

/**
 * Double entry over accounts of one channel: whatever moves, moves between accounts in one line, so that all balances
 * add up to zero at any time. What is issued comes out of an account that may go below zero. Whoever books is a party of
 * each account that moves: its keeper, for a holder as actor, or a holder where the accounts name each other's holders.
 */
export function account<P extends JsonObject = JsonObject>(declaration: AccountOf<P>): Module<AccountState> {
  const schemas = accountSchemas(declaration);
  return assemble(declaration, {
    commands: {
      ...keeping(declaration, schemas),
      post: postOf(declaration, schemas),
      transfer: moveOf(declaration, { ...schemas.transfer, type: 'transfer' }),
      redeem: moveOf(declaration, { ...schemas.redeem, type: 'redemption' }),
      pay: moveOf(declaration, { ...schemas.pay, type: 'payment' }),
    },
    events: accountEvents(declaration),
    queries: accountQueries,
    indexes: { holder: ({ holder }) => holder },
    unknown: unknownAccount,
    evolve: evolveAccount,
    movers: ({ parties }) => parties,
  });
}

type Schemas = ReturnType<typeof accountSchemas>;

function keeping<P extends JsonObject>(
  declaration: AccountOf<P>,
  schemas: Schemas,
): Module<AccountState>['commands'] {
  const open: Command<AccountState, OpenAccount> = {
    ...schemas.open,
    on: 'new',
    allow: () => true,
    decide: ({ data, context }) => {
      const overdraft = data.overdraft === undefined ? '0' : data.overdraft;
      if (overdraft !== null) amountOf(declaration, overdraft, '/overdraft');
      const { holder } = data;
      const also = partiesOf(context.party, ...(data.parties ?? []));
      return [tell(undefined, { type: 'opened', data: { holder, overdraft }, also })];
    },
  };
  const turn = (to: 'frozen' | 'open' | 'closed'): Command<AccountState, JsonObject> => ({
    ...schemas[to === 'frozen' ? 'freeze' : to === 'open' ? 'unfreeze' : 'close'],
    on: 'existing',
    allow: ({ state, context }) => state?.keeper === context.party,
    decide: ({ state, data }) => {
      const from = to === 'open' ? ['frozen'] : to === 'frozen' ? ['open'] : ['open', 'frozen'];
      if (!state || !from.includes(state.status)) throw fail('conflict');
      if (to === 'closed' && !isZero(state.balance)) throw fail('conflict', { extra: { rule: 'balance' } });
      return [tell(state, { type: 'turned', data: { ...data, to } })];
    },
  });
  const statement: Command<AccountState, JsonObject> = {
    ...schemas.statement,
    on: 'existing',
    allow: ({ state, context }) => state?.parties.includes(context.party) === true,
    decide: ({ state }) => {
      if (!state || state.status === 'unknown') throw fail('conflict');
      const { period, balance, statements } = state;
      const data = { number: statements + 1, ...period, closing: balance };
      return [tell(state, { type: 'stated', data })];
    },
  };
  return { open, freeze: turn('frozen'), unfreeze: turn('open'), close: turn('closed'), statement };
}

function postOf<P extends JsonObject>(declaration: AccountOf<P>, schemas: Schemas): Command<AccountState, P> {
  return {
    ...schemas.post,
    on: 'existing',
    objects: (data) => declaration.posting.accounts(data),
    allow: (request) =>
      [request.state, ...request.others.values()].every((state) => state?.keeper === request.context.party),
    decide: (request) => {
      const { data } = request;
      return booked(declaration, request, {
        type: 'posting',
        entries: declaration.posting.entries(request),
        about: data,
      });
    },
  };
}

/** From the holder's own account to another one. */
function moveOf<P extends JsonObject>(
  declaration: AccountOf<P>,
  { type, ...described }: Schemas['transfer'] & { readonly type: string },
): Command<AccountState, MoveData> {
  return {
    ...described,
    on: 'existing',
    objects: ({ to }) => [to],
    allow: ({ state, others, context }) =>
      [context.party, context.actor].includes(state?.holder ?? '') &&
      // A holder that was not named among the parties acts through the keeper.
      [state, ...others.values()].every((each) => each?.parties.includes(context.party)),
    decide: (request) => {
      const { to, amount, ...about } = request.data;
      const exact = amountOf(declaration, amount, '/amount');
      if (isZero(exact) || to === request.id) throw fail('out_of_range', { field: '/amount' });
      const entries = [
        { account: request.id, amount: negate(exact) },
        { account: to, amount: exact },
      ];
      return booked(declaration, request, { type, entries, about });
    },
  };
}
