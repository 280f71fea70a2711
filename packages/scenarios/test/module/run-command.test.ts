import { describe, expect, it } from 'vitest';
import type { Context, Module, ModuleEvent } from '../../src/module/module.ts';
import { runCommand } from '../../src/module/run-command.ts';
import { integer, list, OBJECT_ID, shape } from '../../src/module/shapes.ts';
import { refusalOf } from '../harness/refusal-of.ts';

const CONTEXT: Context = {
  channel: 'gd',
  party: 'did:mno:a',
  actor: 'did:mno:a',
  roles: [],
  time: 1_800_000_000,
  holds: () => undefined,
  read: () => undefined,
};

const ID = '1'.padStart(32, '0');
const OTHER = '2'.padStart(32, '0');

/** Counts; its command says what events there are. */
const counter = (events: readonly ModuleEvent[]): Module<number> => ({
  name: 'test.counter',
  version: '1.0.0',
  summary: { 'zh-CN': '计数', en: 'Counter' },
  execution: ['private'],
  commands: {
    begin: {
      summary: { 'zh-CN': '始', en: 'Begin' },
      schema: shape({}),
      on: 'new',
      allow: () => true,
      decide: () => events,
    },
    count: {
      summary: { 'zh-CN': '计', en: 'Count' },
      schema: shape({ others: list(OBJECT_ID, 3) }, ['others']),
      on: 'existing',
      objects: ({ others = [] }: { readonly others?: readonly string[] }) => others,
      allow: ({ context }) => context.party === CONTEXT.party,
      decide: () => events,
    },
  },
  events: { counted: shape({ by: integer(1, 9) }) },
  queries: {},
  credentials: {},
  gives: [],
  evolve: (state = 0, { data }) => state + Number(data.by),
  visible: () => true,
  movers: () => [],
});

const counted = (by: number, more: object = {}): ModuleEvent => ({
  type: 'counted',
  data: { by },
  parties: [],
  ...more,
});

const run = (
  command: string,
  { data = {}, states = {}, events = [counted(1)], party = CONTEXT.party }: Run = {},
) =>
  runCommand(counter(events), {
    command,
    id: ID,
    data,
    context: { ...CONTEXT, party },
    states: new Map(Object.entries(states)),
  });

interface Run {
  readonly data?: { readonly [field: string]: string | readonly string[] };
  readonly states?: { readonly [id: string]: number };
  readonly events?: readonly ModuleEvent[];
  readonly party?: string;
}

describe('a command', () => {
  it('folds its events one after another', () => {
    const { states } = run('count', { states: { [ID]: 5 }, events: [counted(1), counted(2)] });
    expect([...states]).toEqual([[ID, 8]]);
  });

  it('moves further objects of its module with its own, all of which must be there', () => {
    const events = [counted(1), counted(2, { object: OTHER })];
    const data = { others: [OTHER] };
    const { states } = run('count', { data, states: { [ID]: 0, [OTHER]: 0 }, events });
    expect([...states.values()]).toEqual([1, 2]);
    expect(refusalOf(() => run('count', { data, states: { [ID]: 0 }, events }))).toBe('not_found');
  });

  it('is refused where it is unknown, begins what is there, or moves what is not', () => {
    expect(refusalOf(() => run('toString'))).toBe('command_unknown');
    expect(refusalOf(() => run('begin', { states: { [ID]: 1 } }))).toBe('already_exists');
    expect(refusalOf(() => run('count'))).toBe('not_found');
  });

  it('is refused with a pointer to the first unknown field, before anybody asks who sends it [C4]', () => {
    const data = { 'a/b': 'x' };
    expect(refusalOf(() => run('count', { data, party: 'did:mno:x' }))).toBe('invalid_argument /a~1b');
    expect(refusalOf(() => run('count', { states: { [ID]: 1 }, party: 'did:mno:x' }))).toBe(
      'permission_denied',
    );
  });

  it('never passes an event that the module does not declare, of wrong data, about another object, or none', () => {
    const wrong = (events: readonly ModuleEvent[]) => () => run('begin', { events });
    expect(wrong([])).toThrow(/no event/);
    expect(wrong([{ type: 'toString', data: {}, parties: [] }])).toThrow(/not declared/);
    expect(wrong([counted(1, { object: OTHER })])).toThrow(/another object/);
    expect(refusalOf(wrong([counted(10)]))).toBe('invalid_argument /counted/by');
  });
});
