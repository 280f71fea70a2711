import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type CopyOrigin,
  copyOrigin,
  copyStatus,
  haveSameStatuses,
} from '../../../src/issuer/line/copies.ts';
import { decideLine, settleLine } from '../../../src/issuer/line/decide.ts';
import type { LineEvent, LineEventType } from '../../../src/issuer/line/events.ts';
import { lineFacts } from '../../../src/issuer/line/facts.ts';
import { type LinePolicy, type LineState, orderedLine } from '../../../src/issuer/line/state.ts';
import { HANDLE_ENDS, LINE_TRANSITIONS } from '../../../src/issuer/line/transitions.ts';

const POLICY: LinePolicy = { rebindDelaySeconds: 100, quarantineSeconds: 300 };
const HANDLES = ['A', 'B', 'C', 'D', 'E', 'F'].map((letter) => `${letter.repeat(42)}A`);
const KEYS = ['k1', 'k2', 'k3'];
const TYPES = Object.keys(LINE_TRANSITIONS) as LineEventType[];

/** Any event, also with a malformed handle, at any distance from the last one, also backwards. */
const anyEvent = fc
  .record({
    type: fc.constantFrom(...TYPES),
    handle: fc.constantFrom(...HANDLES, 'short'),
    key: fc.constantFrom(...KEYS),
    oldKey: fc.boolean(),
    corporate: fc.boolean(),
    reason: fc.constantFrom('customer' as const, 'operator' as const),
    step: fc.integer({ min: -50, max: 200 }),
  })
  .map(({ step, ...fields }) => ({ step, event: fields as unknown as LineEvent }));

/** Sequences that begin with a person on the line, so that most of the machine is visited. */
const history = fc
  .tuple(fc.constantFrom<LineEventType>('activate', 'port-in'), fc.array(anyEvent, { maxLength: 40 }))
  .map(([first, rest]) => [
    { step: 0, event: { type: first, handle: HANDLES[0] } as unknown as LineEvent },
    ...rest,
  ]);

interface Step {
  readonly before: LineState;
  readonly event: LineEvent;
  readonly after: LineState;
  readonly ok: boolean;
  readonly endedHandle: string | null;
}

const freeze = (state: LineState): LineState => Object.freeze(state);

function run(events: readonly { step: number; event: LineEvent }[]): Step[] {
  let at = 1_000_000;
  let state = freeze(orderedLine(at));
  return events.map(({ step, event: fields }) => {
    at += step;
    const event = { ...fields, at } as LineEvent;
    const decision = decideLine(state, event, POLICY);
    const before = state;
    if (decision.ok) state = freeze(decision.state);
    return {
      before,
      event,
      after: state,
      ok: decision.ok,
      endedHandle: decision.ok ? decision.endedHandle : null,
    };
  });
}

const forAll = (check: (steps: Step[]) => void) =>
  fc.assert(
    fc.property(history, (events) => check(run(events))),
    { numRuns: 1500 },
  );

const forEachStep = (check: (step: Step) => void) => forAll((steps) => steps.forEach(check));

describe('the line-and-person machine', () => {
  it('answers every event in every state, and accepts exactly the phases of the table', () => {
    forAll((steps) => {
      for (const { before, event, after, ok } of steps) {
        const target = LINE_TRANSITIONS[event.type][before.phase];
        if (ok) expect(after.phase).toBe(target);
        else expect(after).toBe(before);
      }
    });
  });

  it('never brings a handle back that has ended on the line', () => {
    forAll((steps) => {
      const ended = new Set<string>();
      for (const { after, endedHandle } of steps) {
        if (endedHandle !== null) ended.add(endedHandle);
        expect(ended.has(after.handle ?? '')).toBe(false);
      }
    });
  });

  it('ends the handle with transfer, termination and death, and with nothing else', () => {
    forEachStep(({ before, event, ok, endedHandle, after }) => {
      if (!ok) return;
      const ends = HANDLE_ENDS.includes(event.type) && before.handle !== null;
      expect(endedHandle).toBe(ends ? before.handle : null);
      const starts = ['activate', 'port-in', 'transfer'].includes(event.type);
      if (!ends && !starts) expect(after.handle).toBe(before.handle);
    });
  });

  it('has a handle exactly where there is a person', () => {
    forAll((steps) => {
      for (const { after } of steps) {
        const hasPerson = ['active', 'suspended', 'ported-out'].includes(after.phase);
        expect(after.handle !== null).toBe(hasPerson);
      }
    });
  });

  it('says of two states that copies have the same status only where no copy tells them apart', () => {
    const numbers = [0, 1, 2, 3];
    const copies = numbers.flatMap((person) =>
      numbers.flatMap((binding) =>
        [0, 1, 2].flatMap((sim) => [0, 1, 2].map((reissue) => ({ person, binding, sim, reissue }))),
      ),
    );
    let same = 0;
    forEachStep(({ before, after }) => {
      if (!haveSameStatuses(before, after)) return;
      same++;
      for (const copy of copies) if (copyStatus(before, copy) !== copyStatus(after, copy)) expect.fail();
    });
    expect(same).toBeGreaterThan(0);
  });

  it('lets a re-binding without the old key wait, and one with it not', () => {
    forAll((steps) => {
      for (const { before, event, after, ok } of steps) {
        if (!ok || event.type !== 'new-device') continue;
        const at = Math.max(event.at, before.changedAt);
        const settled = settleLine(before, at);
        if (event.oldKey) {
          expect(after.binding?.key).toBe(event.key);
          expect(after.pending).toBeNull();
          expect(after.binding?.at).toBe(settled.binding?.at);
        } else {
          expect(after.pending).toMatchObject({ key: event.key, until: at + POLICY.rebindDelaySeconds });
          expect(after.binding).toEqual(settled.binding);
        }
      }
    });
  });

  it('makes a key the bound one by waiting only, by the old key, or where none was bound', () => {
    forEachStep(({ before, event, after }) => {
      if (!after.binding?.key || after.binding.no === before.binding?.no) return;
      const waited = before.pending?.no === after.binding.no && after.changedAt >= before.pending.until;
      const approved = event.type === 'new-device' && event.oldKey;
      const first = event.type === 'bind' && before.binding === null;
      expect(waited || approved || first).toBe(true);
    });
  });

  it('drops the waiting key on a veto of the bound key, and lets the line rest', () => {
    forAll((steps) => {
      for (const { before, event, after, ok } of steps) {
        if (event.type !== 'veto') continue;
        if (!ok) continue;
        expect(before.binding?.key).toBe(event.key);
        expect(after).toMatchObject({ phase: 'suspended', suspension: 'dispute', pending: null });
        expect(after.binding).toEqual(before.binding);
      }
    });
  });

  it('numbers bindings and persons once', () => {
    forAll((steps) => {
      for (const { before, after } of steps) {
        expect(after.lastBinding).toBeGreaterThanOrEqual(before.lastBinding);
        expect(after.person).toBeGreaterThanOrEqual(before.person);
        expect(after.pending?.no ?? 0).toBeLessThanOrEqual(after.lastBinding);
        if (after.pending) expect(after.pending.no).toBeGreaterThan(after.binding?.no ?? 0);
      }
    });
  });
});

const takesKey = (event: LineEvent): boolean => event.type === 'bind' || event.type === 'new-device';

describe('copies of a line', () => {
  it('stay revoked once they are', () => {
    forAll((steps) => {
      const revoked = new Set<CopyOrigin>();
      const copies: CopyOrigin[] = [];
      for (const { event, after, ok } of steps) {
        if (ok && takesKey(event)) copies.push(copyOrigin(after));
        const now = copies.filter((copy) => copyStatus(after, copy) === 'revoked');
        expect(now).toEqual(expect.arrayContaining([...revoked]));
        for (const copy of now) revoked.add(copy);
      }
    });
  });

  it('are valid only under one binding at a time, of the person on an active line with this SIM', () => {
    forAll((steps) => {
      const copies: CopyOrigin[] = [];
      for (const { event, after, ok } of steps) {
        if (ok && takesKey(event)) copies.push(copyOrigin(after));
        const valid = copies.filter((copy) => copyStatus(after, copy) === 'valid');
        expect(new Set(valid.map((copy) => copy.binding)).size).toBeLessThanOrEqual(1);
        for (const copy of valid) {
          expect(after.phase).toBe('active');
          expect(copy).toMatchObject({ person: after.person, sim: after.sim });
        }
      }
    });
  });

  it('made while a re-binding waits say so', () => {
    forAll((steps) => {
      for (const { event, after, ok } of steps) {
        if (!ok || !takesKey(event)) continue;
        const facts = lineFacts(after, after.changedAt);
        expect(facts.bindingPending).toBe(after.pending !== null);
        expect(copyStatus(after, copyOrigin(after))).toBe('valid');
      }
    });
  });

  it('of a port say that a re-binding waits', () => {
    const arrived = run([
      { step: 0, event: { type: 'port-in', handle: HANDLES[0] } as unknown as LineEvent },
      { step: 1, event: { type: 'new-device', key: 'k1', oldKey: false } as unknown as LineEvent },
    ]);
    expect(arrived.every(({ ok }) => ok)).toBe(true);
    expect(lineFacts((arrived[1] as Step).after, 1_000_001).bindingPending).toBe(true);
  });
});
