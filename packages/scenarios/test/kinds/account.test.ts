import { beforeEach, describe, expect, it } from 'vitest';
import type { AccountState } from '../../src/kinds/account.ts';
import { Play } from '../harness/play.ts';
import { refusalOf } from '../harness/refusal-of.ts';
import { A, B, C, DAY, NOW, points, STRANGER } from './samples.ts';

/** C keeps the accounts; the issuer's may go below zero. */
const KEEPER = C;

interface Opening {
  readonly parties?: readonly string[];
  readonly overdraft?: string | null;
}

describe('account', () => {
  let play: Play;
  let issuer: string;
  let a: string;
  let b: string;
  const run = (command: string, id: string, as: string, data: object = {}) =>
    play.run({ module: 'test.points', command, id, as, data: data as never });
  const open = (holder: string, { parties = [], ...data }: Opening = {}) => {
    const told = holder.startsWith('did:mno:') ? [holder, ...parties] : parties;
    return play.run({
      module: 'test.points',
      command: 'open',
      as: KEEPER,
      data: { holder, parties: told, ...data },
    }).id;
  };
  const post = (...moves: readonly (readonly [string, string])[]) =>
    run('post', issuer, KEEPER, { moves: moves.map(([account, amount]) => ({ account, amount })) });
  const balance = (id: string) => play.state<AccountState>('test.points', id).balance;

  beforeEach(() => {
    play = new Play([points], { time: NOW });
    issuer = open(KEEPER, { overdraft: null });
    // They settle with each other directly, so each takes part in the other's account.
    a = open(A, { parties: [B] });
    b = open(B, { parties: [A] });
  });

  it('books by rule over several accounts in one line, and all balances add up to zero [C12]', () => {
    const { events } = post([issuer, '-100.10'], [a, '60.05'], [b, '40.05']);
    expect(events.map(({ object }) => object)).toEqual([issuer, a, b]);
    expect([balance(issuer), balance(a), balance(b)]).toEqual(['-100.1', '60.05', '40.05']);
    expect(play.query('test.points', 'total', { as: KEEPER })).toBe('0');
  });

  it('refuses entries that do not add up to zero, and moves none of them', () => {
    expect(refusalOf(() => post([issuer, '-100'], [a, '99.99']))).toBe('out_of_range /entries');
    expect(refusalOf(() => post([a, '0']))).toBe('out_of_range /entries');
    expect([balance(issuer), balance(a)]).toEqual(['0', '0']);
  });

  it('refuses amounts with more digits than the unit has, of 40 digits, and accounts that are not there', () => {
    expect(refusalOf(() => post([issuer, '-0.001'], [a, '0.001']))).toBe('out_of_range /entries/0/amount');
    const long = '1'.repeat(41);
    expect(refusalOf(() => post([issuer, `-${long}`], [a, long]))).toBe('invalid_argument /moves/0/amount');
    const digits41 = `${'1'.repeat(38)}.111`;
    expect(refusalOf(() => post([issuer, '-1'], [a, digits41]))).toBe('out_of_range /entries/1/amount');
    expect(refusalOf(() => post([issuer, '-1'], ['f'.repeat(32), '1']))).toBe('not_found');
  });

  it('is posted to by its keeper alone', () => {
    const moves = [
      { account: a, amount: '-1' },
      { account: b, amount: '1' },
    ];
    expect(refusalOf(() => run('post', a, A, { moves }))).toBe('permission_denied');
    expect(refusalOf(() => run('freeze', a, A))).toBe('permission_denied');
  });

  it('never goes below zero where that is not allowed', () => {
    post([issuer, '-50'], [a, '50']);
    expect(refusalOf(() => run('transfer', a, A, { to: b, amount: '50.01' }))).toBe('conflict');
    run('transfer', a, A, { to: b, amount: '50' });
    expect([balance(a), balance(b)]).toEqual(['0', '50']);
  });

  it('goes below zero as far as its overdraft', () => {
    const loan = open(A, { overdraft: '10', parties: [B] });
    expect(refusalOf(() => run('transfer', loan, A, { to: b, amount: '10.01' }))).toBe('conflict');
    run('transfer', loan, A, { to: b, amount: '10' });
    expect(balance(loan)).toBe('-10');
  });

  it('is moved by its holder alone, or by a person that holds it through the keeper', () => {
    const person = 'did:key:h';
    const own = open(person);
    post([issuer, '-5'], [own, '5']);
    const transfer = (as: string, by?: string) =>
      refusalOf(() =>
        play.run({
          module: 'test.points',
          command: 'transfer',
          id: own,
          as,
          ...(by === undefined ? {} : { by }),
          data: { to: b, amount: '1' },
        }),
      );
    expect([transfer(B), transfer(STRANGER), transfer(KEEPER)]).toEqual(Array(3).fill('permission_denied'));
    play.hold({ subject: person, type: 'Holder', claims: {} });
    expect(transfer(KEEPER, person)).toBe('done');
    // Payloads go to organisations: a person has no node.
    expect(play.state('test.points', own)).toMatchObject({ holder: person, parties: [KEEPER] });
  });

  it('moves nothing into an account whose party does not take part', () => {
    const other = open(B);
    post([issuer, '-5'], [a, '5']);
    expect(refusalOf(() => run('transfer', a, A, { to: other, amount: '1' }))).toBe('permission_denied');
  });

  it('keeps the caps of an entry, a day and a balance; the day is one of UTC', () => {
    expect(refusalOf(() => post([issuer, '-1000.01'], [a, '1000.01']))).toBe('out_of_range');
    post([issuer, '-1000'], [a, '1000']);
    expect(refusalOf(() => post([issuer, '-200.01'], [a, '200.01']))).toBe('conflict');
    post([issuer, '-200'], [a, '200']);
    play.time = NOW + DAY;
    expect(refusalOf(() => post([issuer, '-300.01'], [a, '300.01']))).toBe('conflict');
    expect(refusalOf(() => post([issuer, '-300'], [a, '300']))).toBe('done');
  });

  it('takes nothing while frozen or closed, and closes with nothing on it', () => {
    post([issuer, '-5'], [a, '5']);
    run('freeze', a, KEEPER, { reason: 'asked by court' });
    expect(refusalOf(() => run('transfer', a, A, { to: b, amount: '5' }))).toBe('conflict');
    run('unfreeze', a, KEEPER);
    expect(refusalOf(() => run('close', a, KEEPER))).toBe('conflict');
    run('transfer', a, A, { to: b, amount: '5' });
    run('close', a, KEEPER);
    expect(refusalOf(() => run('unfreeze', a, KEEPER))).toBe('conflict');
    expect(refusalOf(() => run('transfer', b, B, { to: a, amount: '1' }))).toBe('conflict');
  });

  it('says what a redemption was for and what a payment pays', () => {
    post([issuer, '-5'], [a, '5']);
    const home = open(KEEPER, { parties: [A] });
    run('redeem', a, A, { to: home, amount: '2', what: { prize: 'coffee' } });
    const { events } = run('pay', a, A, { to: b, amount: '1', reference: 'INV-7' });
    expect(events.map(({ data }) => [data.kind, data.about])).toEqual(
      Array(2).fill(['payment', { reference: 'INV-7' }]),
    );
    expect(refusalOf(() => run('pay', a, A, { to: b, amount: '1' }))).toBe('invalid_argument /reference');
    expect(refusalOf(() => run('pay', a, A, { to: a, amount: '1', reference: 'x' }))).toBe(
      'out_of_range /amount',
    );
  });

  it('states opening, sums and closing, and begins anew', () => {
    post([issuer, '-50'], [a, '50']);
    run('transfer', a, A, { to: b, amount: '20' });
    const { events } = run('statement', a, A);
    expect(events[0]?.data).toEqual({
      number: 1,
      opening: '0',
      received: '50',
      spent: '20',
      entries: 2,
      closing: '30',
    });
    expect(play.state('test.points', a)).toMatchObject({
      balance: '30',
      period: { opening: '30', received: '0', spent: '0', entries: 0 },
    });
  });

  it('is seen by holder and keeper; each account by its own', () => {
    const own = open(A);
    expect(play.see('test.points', own, A)).toMatchObject({ holder: A });
    expect(refusalOf(() => play.see('test.points', own, B))).toBe('permission_denied');
    const holders = play.query<{ holder: string }[]>('test.points', 'balances', { as: B });
    expect(holders.map(({ holder }) => holder)).toEqual([A, B]);
  });
});
