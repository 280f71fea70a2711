import { beforeEach, describe, expect, it } from 'vitest';
import { type RecordState, record } from '../../src/kinds/record.ts';
import { integer, shape } from '../../src/module/shapes.ts';
import { Play } from '../harness/play.ts';
import { refusalOf } from '../harness/refusal-of.ts';
import { A, B, NOW, readings, STRANGER } from './samples.ts';

const single = record<{ place: number }, { value: number }>({
  name: 'test.single',
  version: '1.0.0',
  summary: { 'zh-CN': '单批', en: 'One batch' },
  head: shape({ place: integer(0, 9) }),
  item: shape({ value: integer(0, 1_000_000) }),
  single: true,
  audience: 'own',
  flags: { high: { 'zh-CN': '过高', en: 'High' } },
  rules:
    () =>
    ({ value }) =>
      value > 970 ? ['high'] : [],
  unique: ({ head }) => [`place|${head.place}`],
  sums: {
    schema: shape({ total: integer(0, 1_000_000_000) }),
    batch: ({ items }) => ({ total: items.reduce((sum, { value }) => sum + value, 0) }),
    correction: ({ state, correction }) => ({
      total: Number((state.summary as { total: number }).total) + (correction.value?.value ?? 0),
    }),
  },
});

describe('record', () => {
  let play: Play;
  const submit = (as: string, number: number, values: readonly string[], id?: string) =>
    play.run({
      module: 'test.readings',
      command: 'submit',
      as,
      ...(id === undefined ? {} : { id }),
      data: { head: { number }, items: values.map((value) => ({ value })), to: [B] },
    });

  beforeEach(() => {
    play = new Play([readings, single], { time: NOW });
  });

  it('flags items by its rules and refuses none of them', () => {
    const { id, events } = submit(A, 1, ['1', '200', '1']);
    const flagged = [
      { item: 1, flags: ['high'] },
      { item: 2, flags: ['again'] },
    ];
    expect(events[0]?.data).toMatchObject({ count: 3, flags: { again: 1, high: 1 }, flagged });
    submit(A, 2, ['300'], id);
    expect(play.state('test.readings', id)).toMatchObject({
      items: 4,
      batches: 2,
      flags: { again: 1, high: 2 },
      flagged: [...flagged, { item: 3, flags: ['high'] }],
    });
  });

  it('refuses what the schema refuses, with a pointer', () => {
    const submitted = (item: object) =>
      refusalOf(() =>
        play.run({
          module: 'test.readings',
          command: 'submit',
          as: A,
          data: { head: { number: 1 }, items: [{ value: '1' }, item as { value: string }] },
        }),
      );
    expect(submitted({ value: '1.' })).toBe('invalid_argument /items/1/value');
    expect(submitted({ value: '1', unit: 'MB' })).toBe('invalid_argument /items/1/unit');
    expect(refusalOf(() => submit(A, 1, Array(51).fill('1')))).toBe('invalid_argument /items');
  });

  it('counts batches: a gap names the missing number, a number comes once [R10]', () => {
    const { id } = submit(A, 42, []);
    let missing: unknown;
    try {
      submit(A, 44, [], id);
    } catch (error) {
      missing = (error as { extra: object }).extra;
    }
    expect(missing).toEqual({ missing: 43 });
    expect(refusalOf(() => submit(A, 42, [], id))).toBe('already_exists /head');
    expect(refusalOf(() => submit(A, 43, [], id))).toBe('done');
  });

  it('is submitted and corrected by its owner alone; the other party reads, a stranger does not', () => {
    const { id } = submit(A, 1, ['1']);
    expect(refusalOf(() => submit(B, 2, ['1'], id))).toBe('permission_denied');
    const correct = (as: string, item: number) =>
      refusalOf(() =>
        play.run({
          module: 'test.readings',
          command: 'correct',
          id,
          as,
          data: { item, value: { value: '2' }, reason: 'misread' },
        }),
      );
    expect([correct(B, 0), correct(A, 1), correct(A, 0)]).toEqual([
      'permission_denied',
      'not_found /item',
      'done',
    ]);
    expect(play.see('test.readings', id, B)).toMatchObject({ items: 1, corrections: 1, corrected: [0] });
    expect(refusalOf(() => play.see('test.readings', id, STRANGER))).toBe('permission_denied');
  });

  it('takes no batch once closed', () => {
    const { id } = submit(A, 1, ['1']);
    play.run({ module: 'test.readings', command: 'close', id, as: A });
    expect(refusalOf(() => submit(A, 2, ['1'], id))).toBe('conflict');
  });

  it('takes 10,000 items in one line and lists the flagged 300 [E8]', () => {
    const items = Array.from({ length: 10_000 }, (_, at) => ({ value: at % 100 < 97 ? 1 : 971 }));
    const data = { head: { place: 1 }, items };
    const { id, events } = play.run({ module: 'test.single', command: 'submit', as: A, data });
    expect(events).toHaveLength(1);
    const state = play.state<RecordState>('test.single', id);
    expect([state.items, state.flaggedItems, state.flagged.length]).toEqual([10_000, 300, 300]);
    expect(state.summary).toEqual({ total: 9700 + 300 * 971 });
    expect(JSON.stringify(state).length).toBeLessThan(20_000);
  });

  it('counts all flagged items where it lists only some', () => {
    const items = Array.from({ length: 3000 }, () => ({ value: 971 }));
    const data = { head: { place: 2 }, items };
    const { id } = play.run({ module: 'test.single', command: 'submit', as: A, data });
    const state = play.state<RecordState>('test.single', id);
    expect([state.flaggedItems, state.flagged.length, state.flags]).toEqual([3000, 1000, { high: 3000 }]);
  });

  it('adds a correction to its sums and edits nothing', () => {
    const data = { head: { place: 3 }, items: [{ value: 5 }] };
    const { id } = play.run({ module: 'test.single', command: 'submit', as: A, data });
    const correction = { item: 0, value: { value: 2 }, reason: 'two more' };
    play.run({ module: 'test.single', command: 'correct', id, as: A, data: correction });
    expect(play.state('test.single', id)).toMatchObject({ items: 1, summary: { total: 7 } });
    expect(refusalOf(() => play.run({ module: 'test.single', command: 'submit', as: B, data }))).toBe(
      'already_exists',
    );
  });
});
