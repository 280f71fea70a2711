import { beforeEach, describe, expect, it } from 'vitest';
import type { GrantState } from '../../src/kinds/grant.ts';
import { Play } from '../harness/play.ts';
import { refusalOf } from '../harness/refusal-of.ts';
import { A, B, C, DAY, NOW, PERSON, permit, STRANGER } from './samples.ts';

describe('grant', () => {
  let play: Play;
  const run = (command: string, id: string, as: string, data: object = {}) =>
    play.run({ module: 'test.permit', command, id, as, data: data as never });
  const request = (data: object = {}, by?: string) =>
    play.run({
      module: 'test.permit',
      command: 'request',
      as: A,
      ...(by === undefined ? {} : { by }),
      data: {
        scope: { door: 'north', times: 2 },
        approvers: [B, C],
        parties: [B, C],
        validUntil: '2026-12-01T00:00:00Z',
        ...data,
      },
    }).id;
  const granted = () => {
    const id = request();
    run('approve', id, B, { step: 'head' });
    run('approve', id, C, { step: 'security' });
    return id;
  };
  const use = (id: string, as = A) => refusalOf(() => run('use', id, as, { use: { door: 'north' } }));

  beforeEach(() => {
    play = new Play([permit], { time: NOW });
  });

  it('is active after all its steps, in their order [D10]', () => {
    const id = request();
    expect(refusalOf(() => run('approve', id, B, { step: 'security' }))).toBe('conflict /step');
    run('approve', id, B, { step: 'head' });
    expect(use(id)).toBe('permission_denied');
    const { events } = run('approve', id, C, { step: 'security' });
    expect(events.map(({ type }) => type)).toEqual(['approved', 'granted']);
    expect(use(id)).toBe('done');
    expect(refusalOf(() => run('approve', id, B, { step: 'head' }))).toBe('permission_denied');
  });

  it('is approved neither by who asked, nor twice by one, nor by a stranger [D10]', () => {
    const id = request({ approvers: [A, B] });
    const approve = (as: string, step: string) => refusalOf(() => run('approve', id, as, { step }));
    expect(approve(A, 'head')).toBe('permission_denied');
    expect(approve(STRANGER, 'head')).toBe('permission_denied');
    expect(approve(B, 'head')).toBe('done');
    expect(approve(B, 'security')).toBe('permission_denied');
  });

  it('takes persons as approvers, and not the person who asked, within one organisation [D10]', () => {
    const other = 'did:key:q';
    for (const subject of [PERSON, other]) play.hold({ subject, type: 'Employee', claims: {} });
    const id = request({ approvers: [PERSON, other], parties: [] }, PERSON);
    const approve = (by: string) =>
      refusalOf(() =>
        play.run({ module: 'test.permit', command: 'approve', id, as: A, by, data: { step: 'head' } }),
      );
    expect(approve(PERSON)).toBe('permission_denied');
    expect(approve(STRANGER)).toBe('permission_denied');
    expect(approve(other)).toBe('done');
  });

  it('counts its uses up to the limit', () => {
    const id = granted();
    expect([use(id), use(id), use(id)]).toEqual(['done', 'done', 'permission_denied']);
    expect(play.state<GrantState>('test.permit', id).uses).toBe(2);
    const standing = (at: string) =>
      play.query<{ standing: string }[]>('test.permit', 'standing', { as: B, args: { at } })[0]?.standing;
    expect(standing('2026-11-23T00:00:00Z')).toBe('exhausted');
  });

  it('counts only in its time, half-open', () => {
    const id = request({ validFrom: '2026-11-24T00:00:00Z', validUntil: '2026-11-25T00:00:00Z' });
    run('approve', id, B, { step: 'head' });
    run('approve', id, C, { step: 'security' });
    expect(use(id)).toBe('permission_denied');
    play.time = NOW + 2 * DAY;
    expect(use(id)).toBe('done');
    play.time = NOW + 3 * DAY;
    expect(use(id)).toBe('permission_denied');
  });

  it('is used by its grantee alone, and not once revoked', () => {
    const id = granted();
    expect(use(id, B)).toBe('permission_denied');
    expect(refusalOf(() => run('revoke', id, STRANGER))).toBe('permission_denied');
    run('revoke', id, B, { reason: 'left' });
    expect(use(id)).toBe('permission_denied');
    expect(refusalOf(() => run('revoke', id, B))).toBe('conflict');
  });

  it('is declined by an approver, for good', () => {
    const id = request();
    expect(refusalOf(() => run('decline', id, A))).toBe('permission_denied');
    run('decline', id, C, { reason: 'no need' });
    expect(play.state('test.permit', id)).toMatchObject({ status: 'declined', end: { by: C } });
    expect(refusalOf(() => run('approve', id, B, { step: 'head' }))).toBe('conflict');
  });

  it('lists to each approver what waits for it', () => {
    const id = request();
    expect(play.query('test.permit', 'toApprove', { as: B })).toMatchObject([{ id, requester: A }]);
    expect(play.query('test.permit', 'toApprove', { as: A })).toEqual([]);
  });
});
