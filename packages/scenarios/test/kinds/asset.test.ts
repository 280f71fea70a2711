import { beforeEach, describe, expect, it } from 'vitest';
import { asset } from '../../src/kinds/asset.ts';
import { shape } from '../../src/module/shapes.ts';
import { Play } from '../harness/play.ts';
import { refusalOf } from '../harness/refusal-of.ts';
import { A, B, board, NOW, STRANGER } from './samples.ts';

describe('asset', () => {
  let play: Play;
  const run = (command: string, id: string | undefined, as: string, data: object = {}) =>
    play.run({ module: 'test.board', command, as, data: data as never, ...(id === undefined ? {} : { id }) });
  const register = (serial: string, rank: number, as = A) =>
    run('register', undefined, as, { facts: { serial, rank } }).id;
  const inService = (serial: string, rank: number) => {
    const id = register(serial, rank);
    run('transition', id, A, { to: 'inService' });
    return id;
  };

  beforeEach(() => {
    play = new Play([board], { time: NOW });
  });

  it('moves along its table only, by its custodian only', () => {
    const id = register('1', 1);
    expect(refusalOf(() => run('transition', id, B, { to: 'inService' }))).toBe('permission_denied');
    expect(refusalOf(() => run('transition', id, A, { to: 'repair' }))).toBe('conflict /to');
    expect(refusalOf(() => run('transition', id, A, { to: 'lost' }))).toBe('invalid_argument /to');
    expect(run('retire', id, A).events).toMatchObject([{ type: 'ended', data: { to: 'retired' } }]);
    expect(refusalOf(() => run('transition', id, A, { to: 'stored' }))).toBe('conflict');
    expect(refusalOf(() => run('update', id, A, { facts: { serial: '1', rank: 2 } }))).toBe('conflict');
    expect(play.query('test.board', 'inStatus', { as: A, args: { status: 'retired' } })).toEqual([id]);
  });

  it('is registered once under its unique keys, which never change [E2]', () => {
    const id = register('1', 1);
    expect(refusalOf(() => register('1', 2, B))).toBe('already_exists');
    expect(refusalOf(() => run('update', id, A, { facts: { serial: '2', rank: 1 } }))).toBe(
      'conflict /facts',
    );
    expect(refusalOf(() => run('update', id, A, { facts: { serial: '1', rank: 2 } }))).toBe('done');
  });

  it('changes hands when the receiver confirms; who gave it away sees it no more', () => {
    const id = register('1', 1);
    run('transfer', id, A, { to: B });
    expect(refusalOf(() => run('receive', id, STRANGER))).toBe('permission_denied');
    expect(play.see('test.board', id, B)).toMatchObject({ custodian: A, receiver: B });
    const { events } = run('receive', id, B);
    expect(events[0]?.parties).toEqual([A, B]);
    expect(play.see('test.board', id, B)).toMatchObject({ custodian: B, receiver: null, parties: [B] });
    expect(refusalOf(() => play.see('test.board', id, A))).toBe('permission_denied');
  });

  it('stays with its custodian when the receiver declines, or the custodian takes it back', () => {
    const id = register('1', 1);
    run('transfer', id, A, { to: B });
    expect(refusalOf(() => run('decline', id, STRANGER))).toBe('permission_denied');
    run('decline', id, B, { reason: 'broken' });
    expect(play.state('test.board', id)).toMatchObject({ custodian: A, receiver: null, parties: [A] });
    run('transfer', id, A, { to: B });
    run('decline', id, A);
    expect(refusalOf(() => run('receive', id, B))).toBe('permission_denied');
    expect(refusalOf(() => run('decline', id, A))).toBe('conflict');
  });

  it('is received in the status that the declaration names', () => {
    const id = inService('1', 1);
    run('transition', id, A, { to: 'repair' });
    run('transfer', id, A, { to: B });
    run('receive', id, B);
    expect(play.state('test.board', id)).toMatchObject({ status: 'inService' });
  });

  it('stands in one slot at a time, and a slot takes one asset', () => {
    const [shelf, one, two] = [inService('p', 5), register('1', 1), register('2', 1)];
    run('attach', one, A, { parent: shelf, slot: 's1' });
    expect(refusalOf(() => run('attach', two, A, { parent: shelf, slot: 's1' }))).toBe('already_exists');
    expect(refusalOf(() => run('attach', one, A, { parent: shelf, slot: 's2' }))).toBe('conflict');
    run('detach', one, A);
    expect(refusalOf(() => run('detach', one, A))).toBe('conflict');
    expect(refusalOf(() => run('attach', two, A, { parent: shelf, slot: 's1' }))).toBe('done');
  });

  it('goes only where it fits: into a parent of a higher level, in service, of the same custodian', () => {
    const [shelf, one, peer, stored] = [
      inService('p', 5),
      inService('1', 1),
      inService('2', 1),
      register('q', 5),
    ];
    const attach = (parent: string, slot: string) => refusalOf(() => run('attach', one, A, { parent, slot }));
    expect(attach(shelf, 'x1')).toBe('out_of_range /slot');
    expect(attach(peer, 's1')).toBe('out_of_range /slot');
    expect(attach(one, 's1')).toBe('out_of_range /slot');
    expect(attach(stored, 's1')).toBe('conflict /parent');
    expect(attach('f'.repeat(32), 's1')).toBe('not_found /parent');
    run('transfer', stored, A, { to: B });
    run('receive', stored, B);
    run('transition', stored, B, { to: 'inService' });
    expect(attach(stored, 's1')).toBe('permission_denied /parent');
  });

  it('keeps where it was, with slot, times and reason, also after the first parent retired [E5]', () => {
    const optic = register('o', 1);
    const routers = ['r1', 'r2', 'r3'].map((serial) => inService(serial, 5));
    for (const [at, parent] of routers.entries()) {
      play.time = NOW + at * 100;
      if (at > 0) run('detach', optic, A, { reason: `out ${at}` });
      run('attach', optic, A, { parent, slot: `s${at}`, reason: `work ${at}` });
    }
    run('transition', routers[0], A, { to: 'repair' });
    run('retire', routers[0], A);
    const { stays } = play.query<{ stays: unknown }>('test.board', 'history', { as: A, args: { id: optic } });
    expect(stays).toEqual(
      routers.map((parent, at) => ({
        parent,
        slot: `s${at}`,
        from: NOW + at * 100,
        until: at === 2 ? null : NOW + at * 100 + 100,
        reason: `work ${at}`,
        removal: at === 2 ? null : `out ${at + 1}`,
      })),
    );
  });

  it('neither retires nor changes hands while it stands in a slot', () => {
    const [shelf, one] = [inService('p', 5), register('1', 1)];
    run('attach', one, A, { parent: shelf, slot: 's1' });
    expect(refusalOf(() => run('retire', one, A))).toBe('conflict');
    expect(refusalOf(() => run('transfer', one, A, { to: B }))).toBe('conflict');
    expect(play.query('test.board', 'tree', { as: A, args: { id: shelf } })).toMatchObject({
      id: shelf,
      slot: null,
      children: [{ id: one, slot: 's1', children: [] }],
    });
  });

  it('refuses a declaration whose statuses are not in the table', () => {
    const declare = () =>
      asset({
        name: 'test.wrong',
        version: '1.0.0',
        summary: { 'zh-CN': '错', en: 'Wrong' },
        facts: shape({}),
        initial: 'new',
        table: { new: ['gone'], retired: [] },
      });
    expect(declare).toThrow(/status gone/);
  });
});
