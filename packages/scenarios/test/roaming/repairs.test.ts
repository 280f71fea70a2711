import { describe, expect, it } from 'vitest';
import { readBwrpUsage, repairsForSubmit } from '../../src/roaming/bwrp/read-usage.ts';
import { refusalOf } from '../harness/refusal-of.ts';
import { at, CN, JP, STRANGER, startPlay, usageRow } from './roaming-play.ts';

const rowOf = (yearMonth: string, homeTadig: string, visitorTadig: string) => ({
  ...{ yearMonth, homeTadig, visitorTadig, service: 'MOC Local', usage: 1.5, units: 'min', currency: 'EUR' },
});
const FILE = JSON.stringify({
  inbound: [rowOf('201812', 'CHNYY', 'JPNXX'), rowOf('43466', 'CHNYY', 'JPNXX')],
  outbound: [rowOf('43466', 'JPNXX', 'CHNYY'), rowOf('43497', 'JPNXX', 'CHNYY')],
});

const usage = readBwrpUsage(FILE, ['excel-dates']);
const items = [...usage.inbound, ...usage.outbound];
const repairs = repairsForSubmit(usage);
const submission = { head: { partner: CN }, items, to: [CN], repairs };

describe('repairs of a usage file [R9]', () => {
  it('[R9] go with the rows that they were made in', () => {
    expect(repairs).toEqual([
      { rule: 'excel-dates', field: 'period', was: '43466', items: [1, 2] },
      { rule: 'excel-dates', field: 'period', was: '43497', items: [3] },
    ]);
    expect(items.map(({ period }) => period)).toEqual(['201812', '201901', '201901', '201902']);
  });

  it('[R9] are an event of the object: who, when, what; asked for by both, and by nobody else', () => {
    const play = startPlay();
    const done = play.run({ module: 'roaming.usage', command: 'submit', as: JP, data: submission });
    expect(done.events).toMatchObject([
      { type: 'submitted', data: { count: 4 } },
      { type: 'repaired', data: { repairs }, parties: [CN, JP] },
    ]);
    const repaired = { rule: 'excel-dates', field: 'period', ...{ party: JP, actor: JP } };
    const time = at('2026-01-01T00:00:00Z');
    const expected = [
      {
        ...{ id: done.id, owner: JP },
        repairs: [
          { ...repaired, was: '43466', first: 1, items: 2, time },
          { ...repaired, was: '43497', first: 3, items: 1, time },
        ],
      },
    ];
    for (const as of [JP, CN]) expect(play.query('roaming.usage', 'repairs', { as })).toEqual(expected);
    expect(play.query('roaming.usage', 'repairs', { as: STRANGER })).toEqual([]);
    play.run({ module: 'roaming.usage', command: 'submit', id: done.id, as: JP, data: submission });
    const [{ repairs: both }] = play.query<[{ repairs: { first: number }[] }]>('roaming.usage', 'repairs', {
      as: CN,
    });
    // Items are numbered over all batches.
    expect(both.map(({ first }) => first)).toEqual([1, 3, 5, 7]);
  });

  it('[R9] are none where nothing was repaired', () => {
    const play = startPlay();
    const data = { head: { partner: CN }, items: [usageRow('1')], to: [CN] };
    const { events } = play.run({ module: 'roaming.usage', command: 'submit', as: JP, data });
    expect(events.map(({ type }) => type)).toEqual(['submitted']);
    expect(play.query('roaming.usage', 'repairs', { as: JP })).toEqual([]);
  });

  it.each<[string, object[], string]>([
    [
      'another month than that number says',
      [{ ...repairs[0], was: '43497' }],
      'out_of_range /repairs/0/items/0',
    ],
    ['no number of a day', [{ ...repairs[0], was: '201901' }], 'out_of_range /repairs/0/items/0'],
    ['an item that is not there', [{ ...repairs[0], items: [1, 4] }], 'out_of_range /repairs/0/items/1'],
    ['an item twice', [repairs[0] ?? {}, { ...repairs[0], items: [2] }], 'out_of_range /repairs/1/items/0'],
    ['another field', [{ ...repairs[0], field: 'usage' }], 'out_of_range /repairs/0/items/0'],
    ['a rule that there is not', [{ ...repairs[0], rule: 'guess' }], 'invalid_argument /repairs/0/rule'],
    ['a member too many', [{ ...repairs[0], why: 'x' }], 'invalid_argument /repairs/0/why'],
    ['nothing', [], 'invalid_argument /repairs'],
  ])('[R9] are refused where they say %s', (_, said, refusal) => {
    const play = startPlay();
    const data = { ...submission, repairs: said };
    const run = () => play.run({ module: 'roaming.usage', command: 'submit', as: JP, data: data as never });
    expect(refusalOf(run)).toBe(refusal);
  });
});
