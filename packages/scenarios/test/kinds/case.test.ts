import { beforeEach, describe, expect, it } from 'vitest';
import type { CaseState } from '../../src/kinds/case.ts';
import { Play } from '../harness/play.ts';
import { refusalOf } from '../harness/refusal-of.ts';
import { A, B, C, fault, NOW, STRANGER } from './samples.ts';

const EVIDENCE = { module: 'test.readings', id: '0'.repeat(32) };

describe('case', () => {
  let play: Play;
  let id: string;
  const run = (command: string, as: string, data: object = {}) =>
    play.run({ module: 'test.fault', command, id, as, data: data as never });
  const state = () => play.state<CaseState>('test.fault', id);
  const open = (category = 'line', severity = 'critical') =>
    play.run({
      module: 'test.fault',
      command: 'open',
      as: A,
      data: { category, facts: { severity, cost: '1' }, parties: [B], evidence: [EVIDENCE] },
    }).id;

  beforeEach(() => {
    play = new Play([fault], { time: NOW });
    id = open();
  });

  it('goes from open to closed: assigned, begun, resolved by the assignee, closed by who opened it', () => {
    run('assign', A, { to: B, person: 'did:key:worker' });
    expect(refusalOf(() => run('start', A))).toBe('permission_denied');
    run('start', B);
    expect(refusalOf(() => run('close', A))).toBe('conflict');
    expect(refusalOf(() => run('resolve', A))).toBe('permission_denied');
    run('resolve', B, { text: 'replaced', evidence: [EVIDENCE, { ...EVIDENCE, module: 'other' }] });
    expect(refusalOf(() => run('close', B))).toBe('permission_denied');
    run('close', A);
    expect(state()).toMatchObject({
      status: 'closed',
      assignee: B,
      evidence: [EVIDENCE, { ...EVIDENCE, module: 'other' }],
    });
  });

  it('has a clock by category and facts; none where the category has none', () => {
    expect(state().due).toBe(NOW + 3600);
    id = open('line', 'minor');
    expect(state().due).toBe(NOW + 7200);
    id = open('other');
    expect(state().due).toBeNull();
  });

  it('is overdue once its clock has run out, and stays so when resolved late', () => {
    const overdue = (at: string) =>
      play.query<{ id: string }[]>('test.fault', 'overdue', { as: B, args: { at } }).length;
    expect([overdue('2026-11-22T01:00:00Z'), overdue('2026-11-22T01:00:01Z')]).toEqual([0, 1]);
    run('assign', A, { to: B });
    play.time = NOW + 3600;
    run('resolve', B);
    expect(overdue('2026-11-23T00:00:00Z')).toBe(0);
    run('reopen', A, { text: 'again' });
    play.time = NOW + 3 * 3600;
    run('resolve', B);
    expect(overdue('2026-11-23T00:00:00Z')).toBe(1);
  });

  it('is reopened with a new clock, by a party, where it was resolved or closed', () => {
    expect(refusalOf(() => run('reopen', A))).toBe('conflict');
    run('assign', A, { to: B });
    run('resolve', B);
    run('close', A);
    play.time = NOW + 100;
    expect(refusalOf(() => run('reopen', STRANGER))).toBe('permission_denied');
    run('reopen', B);
    expect(state()).toMatchObject({ status: 'assigned', reopened: 1, due: NOW + 3700, closed: null });
  });

  it('tells whoever it is assigned or escalated to, from then on', () => {
    expect(refusalOf(() => play.see('test.fault', id, C))).toBe('permission_denied');
    const { events } = run('escalate', B, { to: C, text: 'no answer' });
    expect(events[0]?.parties).toEqual([A, B, C]);
    expect(play.see('test.fault', id, C)).toMatchObject({ level: 1 });
    run('comment', C, { text: 'seen' });
    expect(state().comments).toBe(1);
    expect(refusalOf(() => run('comment', STRANGER, { text: 'me too' }))).toBe('permission_denied');
  });

  it('is cancelled by who opened it, before it is resolved', () => {
    expect(refusalOf(() => run('cancel', B))).toBe('permission_denied');
    run('cancel', A);
    expect(refusalOf(() => run('assign', A, { to: B }))).toBe('conflict');
  });

  it('lists what waits for an assignee or its person, the soonest due first', () => {
    const minor = open('line', 'minor');
    for (const of of [minor, id])
      play.run({
        module: 'test.fault',
        command: 'assign',
        id: of,
        as: A,
        data: { to: B, person: 'did:key:w' },
      });
    const toDo = (assignee: string) =>
      play.query<{ id: string }[]>('test.fault', 'toDo', { as: B, args: { assignee } }).map((one) => one.id);
    expect(toDo(B)).toEqual([id, minor]);
    expect(toDo('did:key:w')).toEqual([id, minor]);
    expect(toDo(C)).toEqual([]);
  });
});
