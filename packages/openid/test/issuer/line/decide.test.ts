import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { copyOrigin, copyStatus } from '../../../src/issuer/line/copies.ts';
import { decideLine, settleLine } from '../../../src/issuer/line/decide.ts';
import type { LineEvent, LineRefusal } from '../../../src/issuer/line/events.ts';
import { lineFacts } from '../../../src/issuer/line/facts.ts';
import { DEFAULT_LINE_POLICY, type LineState, orderedLine } from '../../../src/issuer/line/state.ts';
import { LINE_TRANSITIONS } from '../../../src/issuer/line/transitions.ts';

const START = Date.UTC(2026, 0, 1) / 1000;
const HOUR = 3600;
const HANDLE = `${'a'.repeat(42)}A`;
const OTHER = `${'b'.repeat(42)}A`;

type Fields = LineEvent extends infer E ? (E extends LineEvent ? Omit<E, 'at'> : never) : never;

function apply(state: LineState, ...events: (Fields & { at?: number })[]): LineState {
  return events.reduce((line, event) => {
    const decision = decideLine(line, { at: START, ...event } as LineEvent, DEFAULT_LINE_POLICY);
    if (!decision.ok) throw new Error(`${event.type}: ${decision.refusal}`);
    return decision.state;
  }, state);
}

function refusal(state: LineState, event: Fields & { at?: number }): LineRefusal | undefined {
  const decision = decideLine(state, { at: START, ...event } as LineEvent, DEFAULT_LINE_POLICY);
  return decision.ok ? undefined : decision.refusal;
}

const active = apply(orderedLine(START), { type: 'activate', handle: HANDLE });
const bound = apply(active, { type: 'bind', key: 'old' });
const waiting = apply(bound, { type: 'new-device', key: 'new', oldKey: false });

describe('refusals name their rule', () => {
  it.each<[LineRefusal, LineState, Fields & { at?: number }]>([
    ['not-in-this-phase', active, { type: 'resume' }],
    ['handle-malformed', orderedLine(START), { type: 'activate', handle: 'x' }],
    ['handle-used-before', active, { type: 'transfer', handle: HANDLE }],
    [
      'handle-used-before',
      apply(active, { type: 'transfer', handle: OTHER }),
      { type: 'transfer', handle: HANDLE },
    ],
    [
      'quarantine-not-over',
      apply(active, { type: 'terminate' }),
      { type: 'recycle', at: START + 89 * 86_400 },
    ],
    ['rebinding-pending', waiting, { type: 'port-out' }],
    ['rebinding-pending', waiting, { type: 'bind', key: 'old' }],
    ['rebinding-pending', waiting, { type: 'new-device', key: 'old', oldKey: false }],
    ['nothing-pending', bound, { type: 'veto', key: 'old' }],
    ['nothing-bound', active, { type: 'new-device', key: 'new', oldKey: false }],
    ['not-the-bound-key', waiting, { type: 'veto', key: 'new' }],
    ['key-is-bound', bound, { type: 'new-device', key: 'old', oldKey: true }],
    ['key-not-bound', bound, { type: 'bind', key: 'new' }],
    ['not-lost', apply(active, { type: 'suspend', reason: 'operator' }), { type: 're-issue' }],
  ])('%s', (rule, state, event) => {
    expect(refusal(state, event)).toBe(rule);
  });
});

describe('a re-binding without the old key', () => {
  it('counts after 72 hours and not a second before', () => {
    expect(settleLine(waiting, START + 72 * HOUR - 1)).toBe(waiting);
    expect(settleLine(waiting, START + 72 * HOUR).binding?.key).toBe('new');
  });

  it('is visible from the first copy on, and sets the old copies aside', () => {
    expect(lineFacts(waiting, START)).toMatchObject({ bindingPending: true, bindingChangedAt: '2026-01-01' });
    expect(copyStatus(waiting, copyOrigin(bound))).toBe('suspended');
    expect(copyStatus(waiting, copyOrigin(waiting))).toBe('valid');
  });

  it('begins anew with a third key, whose copies alone count', () => {
    const third = apply(waiting, { type: 'new-device', key: 'third', oldKey: false, at: START + HOUR });
    expect(third.pending).toMatchObject({ key: 'third', until: START + 73 * HOUR });
    expect(copyStatus(third, copyOrigin(waiting))).toBe('revoked');
    expect(copyStatus(third, copyOrigin(bound))).toBe('suspended');
  });

  it('that is vetoed leaves the old copies as they were once the operator has looked', () => {
    const vetoed = apply(waiting, { type: 'veto', key: 'old' });
    expect(copyStatus(vetoed, copyOrigin(bound))).toBe('suspended');
    const resumed = apply(vetoed, { type: 'resume' });
    expect(copyStatus(resumed, copyOrigin(bound))).toBe('valid');
    expect(copyStatus(resumed, copyOrigin(waiting))).toBe('revoked');
  });

  it('does not wait shorter because a clock ran ahead and was set back', () => {
    const later = apply(bound, { type: 'corporate', corporate: true, at: START + 10 * HOUR });
    const moved = apply(later, { type: 'new-device', key: 'new', oldKey: false, at: START });
    expect(moved.pending?.until).toBe(START + 82 * HOUR);
  });
});

describe('a lost phone', () => {
  const lost = apply(bound, { type: 'loss' });

  it('suspends its copies until it is found', () => {
    expect(copyStatus(lost, copyOrigin(bound))).toBe('suspended');
    expect(copyStatus(apply(lost, { type: 'resume' }), copyOrigin(bound))).toBe('valid');
  });

  it('is replaced by a re-issue: its copies stay aside, and void when the new key counts', () => {
    const reissued = apply(lost, { type: 're-issue' });
    expect(reissued).toMatchObject({ phase: 'active', handle: HANDLE });
    expect(copyStatus(reissued, copyOrigin(bound))).toBe('suspended');
    const moved = apply(reissued, { type: 'new-device', key: 'new', oldKey: false });
    const settled = settleLine(moved, START + 72 * HOUR);
    expect(copyStatus(settled, copyOrigin(bound))).toBe('revoked');
    expect(copyStatus(settled, copyOrigin(moved))).toBe('valid');
  });

  it('gains a thief nothing when he vetoes with it: the line rests', () => {
    const moved = apply(lost, { type: 're-issue' }, { type: 'new-device', key: 'new', oldKey: false });
    const vetoed = apply(moved, { type: 'veto', key: 'old' });
    expect(vetoed.phase).toBe('suspended');
    expect(copyStatus(vetoed, copyOrigin(bound))).toBe('suspended');
  });
});

describe('the person', () => {
  it('stays the same over swap, loss, re-issue, re-binding and port', () => {
    const moved = apply(bound, { type: 'sim-swap' }, { type: 'loss' }, { type: 're-issue' });
    const ported = apply(moved, { type: 'port-out' });
    expect(ported.handle).toBe(HANDLE);
    const arrived = apply(orderedLine(START), { type: 'port-in', handle: HANDLE });
    expect(arrived.handle).toBe(HANDLE);
  });

  it('who dies leaves a line that only heirs or its end can take', () => {
    const vacant = apply(bound, { type: 'death' });
    expect(copyStatus(vacant, copyOrigin(bound))).toBe('revoked');
    expect(vacant.handle).toBeNull();
    expect(refusal(vacant, { type: 'bind', key: 'new' })).toBe('not-in-this-phase');
    expect(apply(vacant, { type: 'transfer', handle: OTHER })).toMatchObject({
      handle: OTHER,
      binding: null,
    });
    expect(refusal(vacant, { type: 'transfer', handle: HANDLE })).toBe('handle-used-before');
  });

  it('of a company line is its user: the flag changes no handle', () => {
    expect(apply(bound, { type: 'corporate', corporate: true })).toMatchObject({
      handle: HANDLE,
      corporate: true,
    });
  });
});

describe('specs/line-and-person.md', () => {
  it('has the table of the code', () => {
    const text = readFileSync(new URL('../../../../../specs/line-and-person.md', import.meta.url), 'utf8');
    const rows = text
      .split('\n')
      .map((line) => /^\| `([a-z-]+)` \| ([^|]+) \|/.exec(line))
      .filter((row) => row !== null)
      .map(([, event, steps]) => [event, (steps as string).trim()]);
    const table = Object.entries(LINE_TRANSITIONS).map(([event, steps]) => [
      event,
      Object.entries(steps)
        .map(([from, to]) => `${from} → ${to}`)
        .join(', '),
    ]);
    expect(rows).toEqual(table);
  });
});
