import { describe, expect, it } from 'vitest';
import { fail } from '../../src/errors.ts';
import { type CaseOf, type CaseState, caseOf } from '../../src/kinds/case.ts';
import type { JsonObject, Recorded } from '../../src/module/module.ts';
import { shape, text } from '../../src/module/shapes.ts';
import { Play } from '../harness/play.ts';
import { refusalOf } from '../harness/refusal-of.ts';
import { A, B, NOW, STRANGER } from './samples.ts';

const declaration: CaseOf<{ place: string }> = {
  name: 'test.knobs',
  version: '1.0.0',
  summary: { 'zh-CN': '旋钮', en: 'Knobs' },
  facts: shape({ place: text(8) }),
  categories: { any: { summary: { 'zh-CN': '任意', en: 'Any' } } },
};

const open = (play: Play, place = 'here') =>
  play.run({ module: 'test.knobs', command: 'open', as: A, data: { category: 'any', facts: { place } } }).id;

const playOf = (knobs: Partial<CaseOf<{ place: string }>>, options: object = {}) =>
  new Play([caseOf({ ...declaration, ...knobs })], { time: NOW, ...options });

describe('knobs that every kind has', () => {
  it('may asks for more than the kind does, never for less', () => {
    const play = playOf({
      may: { open: ({ context }) => context.holds('Key') !== undefined, cancel: () => true },
    });
    expect(refusalOf(() => open(play))).toBe('permission_denied');
    play.hold({ subject: A, type: 'Key', claims: {} });
    const id = open(play);
    expect(refusalOf(() => play.run({ module: 'test.knobs', command: 'cancel', id, as: B }))).toBe(
      'permission_denied',
    );
  });

  it('checks refuse with their own words', () => {
    const check = ({ data }: { readonly data: { readonly facts: { readonly place: string } } }) => {
      if (data.facts.place === 'nowhere') throw fail('out_of_range', { field: '/facts/place' });
    };
    expect(refusalOf(() => open(playOf({ checks: { open: check } }), 'nowhere'))).toBe(
      'out_of_range /facts/place',
    );
  });

  it('reads show other objects to the rules, and nothing that was not named', () => {
    const other = { module: 'test.knobs', id: '1'.padStart(32, '0') };
    const seen: unknown[] = [];
    const look = ({ context }: { readonly context: { read(module: string, id: string): unknown } }) => {
      seen.push(
        context.read(other.module, other.id) !== undefined,
        context.read('test.knobs', 'f'.repeat(32)),
      );
    };
    const play = playOf({ checks: { open: look }, reads: { open: () => [other] } });
    open(play);
    open(play);
    expect(seen).toEqual([false, undefined, true, undefined]);
  });

  it('regulators and auditors of the channel see an object, strangers only where readers says so', () => {
    const roles = { 'did:mno:regulator': ['regulator'] };
    const play = playOf({ readers: (_, reader) => reader.holds('Guest') !== undefined }, { roles });
    const id = open(play);
    const see = (as: string) => refusalOf(() => play.see('test.knobs', id, as));
    expect([see('did:mno:regulator'), see('did:mno:auditor'), see(STRANGER)]).toEqual([
      'done',
      'permission_denied',
      'permission_denied',
    ]);
    play.hold({ subject: 'did:mno:auditor', type: 'Auditor', claims: { channel: 'gd' } });
    play.hold({ subject: STRANGER, type: 'Guest', claims: {} });
    expect([see('did:mno:auditor'), see(STRANGER)]).toEqual(['done', 'done']);
  });

  it('view shows a part, in answers and in queries', () => {
    const play = playOf({ view: ({ status, due, resolved }) => ({ status, due, resolved }) });
    const id = open(play);
    expect(play.see('test.knobs', id, A)).toEqual({ status: 'open', due: null, resolved: null });
  });

  it('own adds commands and events to those of the kind', () => {
    const mark = {
      summary: { 'zh-CN': '标记', en: 'Marks it' },
      schema: shape({ as: text(8) }),
      on: 'existing' as const,
      allow: () => true,
      decide: ({ data }: { readonly data: JsonObject }) => [{ type: 'marked', data, parties: [A] }],
    };
    const evolve = (state: CaseState<{ place: string }>, { data }: Recorded) => ({
      ...state,
      category: String(data.as),
    });
    const play = playOf({
      own: { commands: { mark }, events: { marked: shape({ as: text(8) }) }, evolve },
    });
    const id = open(play);
    play.run({ module: 'test.knobs', command: 'mark', id, as: A, data: { as: 'seen' } });
    expect(play.state('test.knobs', id)).toMatchObject({ category: 'seen', status: 'open' });
  });

  it('a knob of a command that is not there is a mistake of who declares, as is an event named erased', () => {
    expect(() => playOf({ may: { opne: () => true } })).toThrow(/no command opne/);
    const own = { commands: {}, events: { erased: shape({}) }, evolve: <S>(state: S) => state };
    expect(() => playOf({ own })).toThrow(/erased/);
  });
});
