import { beforeEach, describe, expect, it } from 'vitest';
import type { AgreementState } from '../../src/kinds/agreement.ts';
import { agreement } from '../../src/kinds/agreement.ts';
import { shape } from '../../src/module/shapes.ts';
import { Play } from '../harness/play.ts';
import { refusalOf } from '../harness/refusal-of.ts';
import { A, B, C, council, DAY, lease, NOW, STRANGER } from './samples.ts';

const TERMS = { slot: 's1' };

describe('agreement', () => {
  let play: Play;
  let id: string;
  const act = (command: string, as: string, data: object = {}) =>
    play.run({ module: 'test.lease', command, id, as, data: data as never });
  const begin = (data: object = {}) => {
    const whole = { parties: [B], terms: TERMS, validFrom: '2026-12-01T00:00:00Z', ...data };
    return play.run({ module: 'test.lease', command: 'propose', as: A, data: whole }).id;
  };
  const state = () => play.state<AgreementState>('test.lease', id);
  const inForce = (at: string) =>
    play
      .query<{ version: number }[]>('test.lease', 'inForce', { as: A, args: { at } })
      .map(({ version }) => version);

  beforeEach(() => {
    play = new Play([lease, council], { time: NOW });
    id = begin();
  });

  it('is agreed when all have signed, and is in force from its date on', () => {
    expect(state()).toMatchObject({ status: 'proposed', parties: [A, B], agreed: [] });
    expect(act('sign', B, { version: 1 }).events.map(({ type }) => type)).toEqual(['signed', 'agreed']);
    expect(state()).toMatchObject({ status: 'agreed', pending: null });
    expect(inForce('2026-11-30T23:59:59Z')).toEqual([]);
    expect(inForce('2026-12-01T00:00:00Z')).toEqual([1]);
  });

  it('refuses strangers: to sign, to see, to list [R4]', () => {
    expect(refusalOf(() => act('sign', STRANGER, { version: 1 }))).toBe('permission_denied');
    expect(refusalOf(() => play.see('test.lease', id, STRANGER))).toBe('permission_denied');
    expect(play.query('test.lease', 'toSign', { as: STRANGER })).toEqual([]);
    expect(play.query('test.lease', 'toSign', { as: B })).toMatchObject([{ id }]);
    expect(play.query('test.lease', 'toSign', { as: A })).toEqual([]);
  });

  it('refuses less notice than declared, a date in the past, an empty period [R4]', () => {
    const refused = (data: object) => refusalOf(() => begin(data));
    expect(refused({ validFrom: '2026-11-22T23:59:59Z' })).toBe('notice_too_short /validFrom');
    expect(refused({ validFrom: '2026-11-21T00:00:00Z' })).toBe('out_of_range /validFrom');
    expect(refused({ validUntil: '2026-12-01T00:00:00Z' })).toBe('out_of_range /validUntil');
    expect(refused({ validFrom: '2026-13-01T00:00:00Z' })).toBe('invalid_argument /validFrom');
    expect(refused({ terms: { slot: 's1', price: '5' } })).toBe('invalid_argument /terms/price');
    expect(refused({ parties: [] })).toBe('out_of_range /parties');
  });

  it('takes effect as soon as the notice allows where no date is named', () => {
    const { id: of } = play.run({
      module: 'test.lease',
      command: 'propose',
      as: A,
      data: { parties: [B], terms: { slot: 's2' } },
    });
    expect(play.state<AgreementState>('test.lease', of).pending?.from).toBe(NOW + DAY);
  });

  it('lets nobody sign a text that was replaced meanwhile, or sign twice', () => {
    act('counter', B, { version: 1, terms: TERMS, validFrom: '2026-12-02T00:00:00Z' });
    expect(refusalOf(() => act('sign', A, { version: 1 }))).toBe('conflict');
    expect(refusalOf(() => act('sign', B, { version: 2 }))).toBe('already_exists');
    expect(refusalOf(() => act('counter', B, { version: 2, terms: TERMS }))).toBe('conflict');
    act('sign', A, { version: 2 });
    expect(state().agreed.map(({ version, by }) => [version, by])).toEqual([[2, B]]);
  });

  it('lets nobody sign a text whose effect has begun without notice', () => {
    play.time = NOW + 30 * DAY;
    expect(refusalOf(() => act('sign', B, { version: 1 }))).toBe('notice_too_short');
  });

  it('keeps the old text in force until the next one begins: old, new, new [R5]', () => {
    act('sign', B, { version: 1 });
    act('supersede', B, { terms: { slot: 's2' }, validFrom: '2027-01-01T00:00:00Z' });
    expect(inForce('2027-01-02T00:00:00Z')).toEqual([1]);
    act('sign', A, { version: 2 });
    expect(inForce('2026-12-31T23:59:59Z')).toEqual([1]);
    expect(inForce('2027-01-01T00:00:00Z')).toEqual([2]);
    expect(inForce('2027-01-02T00:00:00Z')).toEqual([2]);
  });

  it('takes a key of the ledger while it is agreed, and gives it back', () => {
    act('sign', B, { version: 1 });
    const second = begin();
    const sign = (of: string) =>
      refusalOf(() =>
        play.run({ module: 'test.lease', command: 'sign', id: of, as: B, data: { version: 1 } }),
      );
    expect(sign(second)).toBe('already_exists');
    // The text had not begun.
    act('terminate', A);
    expect(sign(second)).toBe('done');
  });

  it('keeps its keys while it counts: until a later end has come, then any party gives them back', () => {
    act('sign', B, { version: 1 });
    const second = begin({ validFrom: '2027-01-01T00:00:00Z' });
    const sign = () =>
      refusalOf(() =>
        play.run({ module: 'test.lease', command: 'sign', id: second, as: B, data: { version: 1 } }),
      );
    act('terminate', A, { validFrom: '2026-12-10T00:00:00Z' });
    expect(state()).toMatchObject({ status: 'terminated', held: ['s1'] });
    expect(sign()).toBe('already_exists');
    expect(refusalOf(() => act('release', A))).toBe('conflict');
    play.time = NOW + 18 * DAY;
    expect(refusalOf(() => act('release', STRANGER))).toBe('permission_denied');
    expect(act('release', B).events[0]).toMatchObject({ type: 'released', parties: [A, B], release: ['s1'] });
    expect(state().held).toEqual([]);
    expect(sign()).toBe('done');
    expect(refusalOf(() => act('release', B))).toBe('conflict');
  });

  it('keeps the keys of the present text until the next one begins, and has those of the next one already', () => {
    act('sign', B, { version: 1 });
    act('supersede', B, { terms: { slot: 's2' }, validFrom: '2027-01-01T00:00:00Z' });
    act('sign', A, { version: 2 });
    expect(state().held).toEqual(['s1', 's2']);
    play.time = NOW + 50 * DAY;
    act('release', A);
    expect(state().held).toEqual(['s2']);
  });

  it('is neither superseded nor terminated where it is final, and keeps its keys for ever', () => {
    const settled = agreement<{ month: string }>({
      name: 'test.settled',
      version: '1.0.0',
      summary: { 'zh-CN': '结清', en: 'Settled' },
      terms: shape({ month: { type: 'string' } }),
      final: true,
      holds: ({ terms }) => [terms.month],
    });
    const own = new Play([settled], { time: NOW });
    const run = (command: string, as: string, data: object, of?: string) =>
      own.run({ module: 'test.settled', command, as, data: data as never, ...(of ? { id: of } : {}) });
    const whole = { parties: [B], terms: { month: '202605' }, validUntil: '2026-11-23T00:00:00Z' };
    const first = run('propose', A, whole).id;
    run('sign', B, { version: 1 }, first);
    for (const command of ['terminate', 'supersede', 'release'])
      expect(refusalOf(() => run(command, A, {}, first))).toBe('command_unknown');
    own.time = NOW + 10 * DAY;
    const { validUntil: _, ...again } = whole;
    const second = run('propose', A, again).id;
    expect(refusalOf(() => run('sign', B, { version: 1 }, second))).toBe('already_exists');
  });

  it('is ended by either with notice, and the other is told [D4]', () => {
    act('sign', B, { version: 1 });
    expect(refusalOf(() => act('terminate', B, { validFrom: '2026-11-22T00:30:00Z' }))).toBe(
      'notice_too_short /validFrom',
    );
    const { events } = act('terminate', B, { validFrom: '2026-12-10T00:00:00Z', reason: 'moved away' });
    expect(events[0]?.parties).toEqual([A, B]);
    expect(inForce('2026-12-09T23:59:59Z')).toEqual([1]);
    expect(inForce('2026-12-10T00:00:00Z')).toEqual([]);
    expect(refusalOf(() => act('terminate', A))).toBe('conflict');
  });

  it('ends with a rejection by another or a withdrawal by who proposed; a present text stays', () => {
    expect(refusalOf(() => act('reject', A, { version: 1 }))).toBe('conflict');
    expect(refusalOf(() => act('withdraw', B, { version: 1 }))).toBe('permission_denied');
    act('sign', B, { version: 1 });
    act('supersede', A, { terms: { slot: 's3' } });
    act('reject', B, { version: 2 });
    expect(state()).toMatchObject({ status: 'agreed', pending: null });
    const second = begin();
    play.run({ module: 'test.lease', command: 'withdraw', id: second, as: A, data: { version: 1 } });
    expect(play.state('test.lease', second)).toMatchObject({ status: 'withdrawn' });
  });

  it('is agreed by k of n', () => {
    const data = { parties: [B, C], terms: {} };
    const of = play.run({ module: 'test.council', command: 'propose', as: A, data }).id;
    expect(play.state('test.council', of)).toMatchObject({ status: 'proposed' });
    play.run({ module: 'test.council', command: 'sign', id: of, as: C, data: { version: 1 } });
    expect(play.state('test.council', of)).toMatchObject({ status: 'agreed' });
  });

  it('is agreed at once where one signature is enough', () => {
    const alone = agreement({
      name: 'test.alone',
      version: '1.0.0',
      summary: { 'zh-CN': '单签', en: 'Alone' },
      terms: shape({}),
      quorum: 1,
    });
    const own = new Play([alone], { time: NOW });
    const { id: of } = own.run({
      module: 'test.alone',
      command: 'propose',
      as: A,
      data: { parties: [B], terms: {} },
    });
    expect(own.state('test.alone', of)).toMatchObject({ status: 'agreed', pending: null });
  });
});
