import { AppError, type CborValue } from '@attestel/core';
import type { DecidedEvent, Decider } from '@attestel/registry';

interface Account extends Record<string, CborValue> {
  readonly owner: string;
  readonly balance: number;
}

const refused = (code: string): AppError =>
  new AppError(code, { kind: 'conflict', message: 'the asset ledger refuses this' });

/** A decider for tests: accounts, of which one starts with everything; whatever happens, the sum stays. */
export const assetLedger: Decider = {
  declaration: {
    name: 'test.assets',
    version: '1',
    execution: ['private', 'shared'],
    schemas: { transfer: { amount: 'integer' }, open: { balance: 'integer' } },
    succeeds: [],
  },
  decide({ states, command, context }): readonly DecidedEvent[] {
    const [from, to] = states as readonly (Account | undefined)[];
    if (command.do === 'open') {
      if (from) throw refused('account_exists');
      const balance = command.balance as number;
      if (balance > 0 && command.first !== true) throw refused('nothing_from_nothing');
      return [{ object: 0, type: 'opened', data: { balance } }];
    }
    const amount = command.amount;
    if (command.do !== 'transfer' || !Number.isSafeInteger(amount)) throw refused('command_malformed');
    if (!from || !to || from.owner !== context.actor) throw refused('not_yours');
    if ((amount as number) <= 0 || from.balance < (amount as number)) throw refused('overdrawn');
    return [
      { object: 0, type: 'debited', data: { amount: amount as number } },
      { object: 1, type: 'credited', data: { amount: amount as number } },
    ];
  },
  evolve(state, { type, data, actor }): CborValue {
    if (type === 'opened') return { owner: actor, balance: data.balance as number };
    const account = state as Account;
    const sign = type === 'debited' ? -1 : 1;
    return { ...account, balance: account.balance + sign * (data.amount as number) };
  },
};

export const balanceOf = (state: CborValue | undefined): number =>
  (state as Account | undefined)?.balance ?? 0;
