import { beforeEach, describe, expect, it } from 'vitest';
import type { DocumentState } from '../../src/kinds/document.ts';
import { Play } from '../harness/play.ts';
import { refusalOf } from '../harness/refusal-of.ts';
import { A, B, C, memo, NOW, STRANGER, sheet } from './samples.ts';

describe('document', () => {
  let play: Play;
  let id: string;
  const act = (command: string, as: string, data: object = {}) =>
    play.run({ module: 'test.sheet', command, id, as, data: data as never });
  const publish = (as: string, data: object) =>
    play.run({ module: 'test.sheet', command: 'publish', as, data: data as never }).id;

  beforeEach(() => {
    play = new Play([sheet, memo], { time: NOW });
    id = publish(A, { body: { code: 'AAAAA' }, validFrom: '2026-12-01T00:00:00Z' });
  });

  const versionAt = (at: string) =>
    play
      .query<{ version: number }[]>('test.sheet', 'inForce', { as: C, args: { at } })
      .map(({ version }) => version);

  it('is in force from its date on, the last published of those that have begun', () => {
    act('supersede', A, { body: { code: 'AAAAA' }, validFrom: '2026-12-15T00:00:00Z' });
    expect(versionAt('2026-11-30T23:59:59Z')).toEqual([]);
    expect(versionAt('2026-12-14T23:59:59Z')).toEqual([1]);
    expect(versionAt('2026-12-15T00:00:00Z')).toEqual([2]);
    act('supersede', A, { body: { code: 'AAAAA' }, validFrom: '2026-12-10T00:00:00Z' });
    expect(versionAt('2026-12-09T23:59:59Z')).toEqual([1]);
    expect(versionAt('2026-12-20T00:00:00Z')).toEqual([3]);
  });

  it('keeps the bodies of the newest versions only', () => {
    for (let n = 2; n <= 25; n += 1) act('supersede', A, { body: { code: 'AAAAA' } });
    const { versions, latest } = play.state<DocumentState>('test.sheet', id);
    expect([versions.length, versions[0]?.version, latest]).toEqual([20, 6, 25]);
  });

  it('is changed and withdrawn by its publisher alone, with notice', () => {
    expect(refusalOf(() => act('supersede', B, { body: { code: 'AAAAA' } }))).toBe('permission_denied');
    expect(refusalOf(() => act('withdraw', B))).toBe('permission_denied');
    expect(refusalOf(() => act('withdraw', A, { validFrom: '2026-11-22T12:00:00Z' }))).toBe(
      'notice_too_short /validFrom',
    );
    act('withdraw', A, { validFrom: '2026-12-20T00:00:00Z' });
    expect(versionAt('2026-12-19T23:59:59Z')).toEqual([1]);
    expect(versionAt('2026-12-20T00:00:00Z')).toEqual([]);
    expect(refusalOf(() => act('supersede', A, { body: { code: 'AAAAA' } }))).toBe('conflict');
  });

  it('takes its unique keys for ever', () => {
    expect(refusalOf(() => publish(B, { body: { code: 'AAAAA' } }))).toBe('already_exists');
  });

  it('takes the keys of later versions, too: the first claim wins, whoever says it by which command', () => {
    const other = publish(B, { body: { code: 'BBBBB' } });
    const supersede = (of: string, as: string, code: string) =>
      refusalOf(() =>
        play.run({ module: 'test.sheet', command: 'supersede', id: of, as, data: { body: { code } } }),
      );
    expect(supersede(other, B, 'AAAAA')).toBe('already_exists');
    expect(supersede(other, B, 'CCCCC')).toBe('done');
    expect(refusalOf(() => publish(A, { body: { code: 'CCCCC' } }))).toBe('already_exists');
    expect(supersede(id, A, 'CCCCC')).toBe('already_exists');
    // What the document had before is its own still.
    expect(supersede(other, B, 'BBBBB')).toBe('done');
  });

  it('is acknowledged once by each reader, and who did not is listed [R2]', () => {
    const acknowledge = (as: string, version: number) =>
      refusalOf(() =>
        play.run({ module: 'test.sheet', command: 'acknowledge', as, data: { document: id, version } }),
      );
    expect(acknowledge(B, 1)).toBe('done');
    expect(acknowledge(B, 1)).toBe('already_exists');
    expect(acknowledge(B, 2)).toBe('not_found /version');
    const args = { document: id, version: 1, from: [B, C] };
    expect(play.query('test.sheet', 'acknowledgements', { as: A, args })).toEqual({
      done: [{ party: B, time: NOW }],
      missing: [C],
    });
  });

  it('is acknowledged only where there is one', () => {
    const data = { document: 'f'.repeat(32), version: 1 };
    expect(refusalOf(() => play.run({ module: 'test.sheet', command: 'acknowledge', as: B, data }))).toBe(
      'not_found /document',
    );
  });

  it('is seen by the parties that it lists and nobody else, not even to acknowledge it', () => {
    const data = { body: {}, audience: [B] };
    const { id: of, events } = play.run({ module: 'test.memo', command: 'publish', as: A, data });
    expect(events[0]?.parties).toEqual([A, B]);
    expect(play.see('test.memo', of, B)).toMatchObject({ publisher: A });
    expect(refusalOf(() => play.see('test.memo', of, STRANGER))).toBe('permission_denied');
    const reading = { document: of, version: 1 };
    const acknowledge = (as: string) =>
      refusalOf(() => play.run({ module: 'test.memo', command: 'acknowledge', as, data: reading }));
    expect([acknowledge(STRANGER), acknowledge(B)]).toEqual(['permission_denied', 'done']);
    const added = play.run({
      module: 'test.memo',
      command: 'supersede',
      id: of,
      as: A,
      data: { body: {}, audience: [C] },
    });
    expect(added.events[0]?.parties).toEqual([A, B, C]);
  });
});
