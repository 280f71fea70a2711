import { beforeEach, describe, expect, it } from 'vitest';
import type { Play } from '../harness/play.ts';
import { refusalOf } from '../harness/refusal-of.ts';
import { type DataPlay, OWNER, startDataPlay } from './data-play.ts';

let play: Play;
let run: DataPlay['run'];
beforeEach(() => {
  ({ play, run } = startDataPlay());
});

describe('requests inside an organisation [D10]', () => {
  const people = {
    asker: ['sales', 'staff'],
    head: ['sales', 'head'],
    source: ['network', 'head'],
    guard: ['audit', 'security'],
    other: ['network', 'staff'],
  } as const;
  const did = (name: keyof typeof people): string => `did:mno:${name}`;
  const ask = (by: keyof typeof people = 'asker') =>
    run(
      'request',
      'request',
      OWNER,
      {
        ...{ scope: { data: ['churn'], purpose: 'planning', department: 'sales' }, parties: [] },
        approvers: [did('asker'), did('head'), did('source')],
      },
      { by: did(by) },
    ).id;
  const approve = (id: string, step: string, by: keyof typeof people) =>
    run('request', 'approve', OWNER, { step }, { id, by: did(by) });

  beforeEach(() => {
    for (const [person, [name, level]] of Object.entries(people)) {
      const claims = { owner: OWNER, name, level };
      play.hold({ subject: `did:mno:${person}`, type: 'Department', claims });
    }
  });

  it('are not approved by who asks, nor twice by one; two levels make them active', () => {
    const id = ask();
    expect(refusalOf(() => approve(id, 'department', 'asker'))).toBe('permission_denied');
    approve(id, 'department', 'head');
    expect(refusalOf(() => approve(id, 'owner', 'head'))).toBe('permission_denied');
    approve(id, 'owner', 'source');
    expect(play.state('data.request', id)).toMatchObject({ status: 'active' });
  });

  it('are made for one’s own department, approved by its head and then by the head of another', () => {
    expect(refusalOf(() => ask('other'))).toBe('permission_denied');
    const id = ask();
    expect(refusalOf(() => approve(id, 'department', 'source'))).toBe('permission_denied');
    approve(id, 'department', 'head');
    expect(refusalOf(() => approve(id, 'owner', 'other'))).toBe('permission_denied');
    expect(play.state('data.request', id)).toMatchObject({ status: 'requested' });
  });

  it('are all seen by security, and by no other department', () => {
    const id = ask();
    expect(play.see('data.request', id, did('guard'))).toMatchObject({ status: 'requested' });
    expect(refusalOf(() => play.see('data.request', id, did('other')))).toBe('permission_denied');
  });
});
