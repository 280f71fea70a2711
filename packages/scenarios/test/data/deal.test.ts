import type { JsonValue } from '@attestel/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { instantOf } from '../../src/module/instant.ts';
import type { Play } from '../harness/play.ts';
import { refusalOf } from '../harness/refusal-of.ts';
import { BUYER, type DataPlay, hex, OWNER, STRANGER, startDataPlay, THIRD } from './data-play.ts';

let play: Play;
let run: DataPlay['run'];
let publish: DataPlay['publish'];
beforeEach(() => {
  ({ play, run, publish } = startDataPlay());
});

const limited = (leftOperand: string, operator: string, rightOperand: JsonValue) => ({
  policy: { permission: [{ action: 'use', constraint: [{ leftOperand, operator, rightOperand }] }] },
});
const at = (name: string): string => `invalid_argument /terms/policy/permission/0/constraint/0/${name}`;

describe('deals', () => {
  const ROWS = [{ grade: 2, category: 'mobility', perUnit: '0.25' }];
  const POLICY = {
    permission: [
      {
        action: 'use',
        constraint: [
          { leftOperand: 'purpose', operator: 'isAnyOf', rightOperand: ['planning'] },
          { leftOperand: 'count', operator: 'lteq', rightOperand: '2' },
          { leftOperand: 'dateTime', operator: 'lt', rightOperand: '2027-01-01T00:00:00Z' },
        ],
      },
    ],
  };
  let set: string;
  let prices: string;
  const terms = (change: object = {}) => ({
    ...{
      provider: OWNER,
      set,
      prices,
      volume: '1000',
      price: { amount: '250', currency: 'CNY' },
      policy: POLICY,
    },
    ...change,
  });
  const propose = (change: object = {}) =>
    run('deal', 'propose', BUYER, { parties: [OWNER], terms: terms(change) }).id;
  const act = (id: string, command: string, as: string, data: object = {}) =>
    run('deal', command, as, data, { id });
  const TRANSFER = { action: 'use', purpose: 'planning', spatial: 'Guangzhou', digest: hex('cc') };
  const dsp = (id: string) =>
    play
      .query<{ providerPid: string; state: string }[]>('data.deal', 'negotiation', { as: OWNER })
      .find(({ providerPid }) => providerPid === id)?.state;

  beforeEach(() => {
    set = publish();
    const table = { currency: 'CNY', rows: ROWS };
    prices = run('price', 'propose', OWNER, { parties: [BUYER, THIRD], terms: table }).id;
    run('price', 'sign', THIRD, { version: 1 }, { id: prices });
  });

  it('go from REQUESTED to FINALIZED, and then data moves [D4]', () => {
    const id = propose();
    expect(dsp(id)).toBe('REQUESTED');
    expect(refusalOf(() => act(id, 'transfer', OWNER, TRANSFER))).toBe('permission_denied');
    act(id, 'sign', OWNER, { version: 1 });
    expect(dsp(id)).toBe('AGREED');
    expect(refusalOf(() => act(id, 'finalize', OWNER))).toBe('conflict');
    expect(refusalOf(() => act(id, 'verify', OWNER))).toBe('permission_denied');
    act(id, 'verify', BUYER);
    act(id, 'finalize', OWNER);
    expect(dsp(id)).toBe('FINALIZED');
    expect(refusalOf(() => act(id, 'transfer', BUYER, TRANSFER))).toBe('permission_denied');
    expect(act(id, 'transfer', OWNER, TRANSFER).events).toMatchObject([
      { type: 'transferred', data: { number: 1 } },
    ]);
  });

  it('take no price but the table’s, and say what it would be [D4]', () => {
    expect(refusalOf(() => propose({ price: { amount: '249.99', currency: 'CNY' } }))).toBe(
      'out_of_range /terms/price',
    );
    expect(refusalOf(() => propose({ price: { amount: '250', currency: 'USD' } }))).toBe(
      'out_of_range /terms/price',
    );
    expect(propose({ price: { amount: '250.00', currency: 'CNY' } })).toBeDefined();
  });

  it('end by either side, the other one is told, and nothing moves afterwards [D4]', () => {
    const id = propose();
    act(id, 'sign', OWNER, { version: 1 });
    act(id, 'verify', BUYER);
    act(id, 'finalize', OWNER);
    const [ended] = act(id, 'terminate', BUYER, { reason: 'no more need' }).events;
    expect(ended).toMatchObject({ type: 'terminated', parties: [BUYER, OWNER] });
    expect(dsp(id)).toBe('TERMINATED');
    expect(refusalOf(() => act(id, 'transfer', OWNER, TRANSFER))).toBe('permission_denied');
  });

  it.each([
    ['another purpose', { purpose: 'advertising' }],
    ['another action', { action: 'distribute' }],
  ])('let nothing move for %s than the policy’s', (_, change) => {
    const id = propose();
    act(id, 'sign', OWNER, { version: 1 });
    act(id, 'verify', BUYER);
    act(id, 'finalize', OWNER);
    expect(refusalOf(() => act(id, 'transfer', OWNER, { ...TRANSFER, ...change }))).toBe('permission_denied');
  });

  it('let data move as often, and as long, as the policy says', () => {
    const id = propose();
    act(id, 'sign', OWNER, { version: 1 });
    act(id, 'verify', BUYER);
    act(id, 'finalize', OWNER);
    act(id, 'transfer', OWNER, TRANSFER);
    act(id, 'transfer', OWNER, TRANSFER);
    expect(refusalOf(() => act(id, 'transfer', OWNER, TRANSFER))).toBe('permission_denied');
    const late = propose();
    act(late, 'sign', OWNER, { version: 1 });
    act(late, 'verify', BUYER);
    act(late, 'finalize', OWNER);
    play.time = instantOf('2027-01-01T00:00:00Z', '/');
    expect(refusalOf(() => act(late, 'transfer', OWNER, TRANSFER))).toBe('permission_denied');
  });

  it.each([
    ['a data set that is not there', () => ({ set: 'f'.repeat(32) }), 'not_found /terms/set'],
    ['a provider who is no party', () => ({ provider: STRANGER }), 'out_of_range /terms/provider'],
    [
      'a negative volume',
      () => ({ volume: '-1', price: { amount: '-0.25', currency: 'CNY' } }),
      'invalid_argument /terms/volume',
    ],
    ['a volume of 40 digits', () => ({ volume: '9'.repeat(40) }), 'invalid_argument /terms/volume'],
    ['no volume', () => ({ volume: '0' }), 'out_of_range /terms/volume'],
    ['a policy with a time that is none', () => limited('dateTime', 'lt', 'soon'), at('rightOperand')],
    ['a policy with a count that is none', () => limited('count', 'lteq', 'many'), at('rightOperand')],
    ['a policy with an order of purposes', () => limited('purpose', 'lt', 'x'), at('operator')],
    ['a policy with a list of times', () => limited('dateTime', 'isAnyOf', ['x']), at('operator')],
    ['a policy with a purpose that is two', () => limited('purpose', 'eq', ['x', 'y']), at('rightOperand')],
    ['a term that nobody knows', () => ({ colour: 'red' }), 'invalid_argument /terms/colour'],
  ])('refuse %s', (_, change, refusal) => {
    expect(refusalOf(() => propose(change()))).toBe(refusal);
  });
});
