import type { CborValue } from '@attestel/core';
import { type Channel, createChannels } from '@attestel/registry';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ALWAYS, channelLedger, type FakeChannels, governBody, openBody } from '../fake-channels.ts';
import { A, B, C, P, STRANGER, V } from '../fake-ledger.ts';

/** Those who vote in `main`; STRANGER is no member. */
const MEMBERS = [A, B, C, V, P];
const NAMES = ['gd', 'gd/sz', 'hn', 'gd/sz/x'];

const names = fc.constantFrom(...NAMES);
const someone = fc.constantFrom(...MEMBERS, STRANGER);
const governors = fc.shuffledSubarray([A, B, C], { minLength: 2 });

const step = fc.record({
  kind: fc.constantFrom('open', 'govern', 'members.set', 'members.remove'),
  name: names,
  from: fc.constantFrom('itself', 'itself', 'above', 'main'),
  by: fc.oneof(
    fc.shuffledSubarray([A, B, C], { minLength: 1 }),
    fc.shuffledSubarray([...MEMBERS, STRANGER], { minLength: 1 }),
  ),
  governors,
  threshold: fc.integer({ min: 1, max: 2 }),
  who: someone,
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

const parent = (name: string): string => (name.includes('/') ? name.slice(0, name.lastIndexOf('/')) : 'main');

function submissionOf({ kind, name, from, by, governors: list, threshold, who }: Step) {
  const change = { governors: list, threshold };
  const bodies: Record<string, Record<string, CborValue>> = {
    open: openBody(name, change),
    govern: governBody(name, change),
    'members.set': { channel: name, members: [{ did: who, role: 'writer', validity: ALWAYS }] },
    'members.remove': { channel: name, dids: [who] },
  };
  const above = kind === 'open' && from === 'itself' ? parent(name) : name;
  const ns = from === 'main' ? 'main' : from === 'above' ? parent(name) : above;
  return { module: 'channel', ns, kind, body: bodies[kind] as Record<string, CborValue>, by };
}

const stateOf = (ledger: FakeChannels): string => JSON.stringify([...ledger.state('channel').list('')]);

/** The namespace decides about itself and what is right below it, by its own rule as it was before. */
function assertAllowed({ name, by }: Step, ns: string, rule: Channel | undefined): void {
  expect([name, parent(name)]).toContain(ns);
  const voters = ns === 'main' ? MEMBERS : (rule?.governors ?? []);
  const votes = by.filter((did) => voters.includes(did)).length;
  expect(votes).toBeGreaterThanOrEqual(rule?.threshold ?? 2);
}

describe('any sequence of operations on channels', () => {
  it('changes a channel only by the votes of its governors or of the namespace above', () => {
    let accepted = 0;
    const run = fc.property(fc.array(step, { minLength: 10, maxLength: 30, size: 'max' }), (steps) => {
      const ledger = channelLedger();
      const channels = createChannels({ state: ledger.read } as never, ledger.now);
      for (const one of steps) {
        const submission = submissionOf(one);
        const rule = channels.channel(submission.ns);
        const before = stateOf(ledger);
        // Anything but an AppError is thrown on: the state machine is total.
        if (ledger.refusal(submission) === undefined) {
          accepted += 1;
          assertAllowed(one, submission.ns, rule);
        } else {
          expect(stateOf(ledger)).toBe(before);
        }
      }
      for (const { name, threshold, governors: list } of channels.channels()) {
        expect(threshold).toBeLessThanOrEqual(list.length);
        if (parent(name) !== 'main') expect(channels.channel(parent(name))).toBeDefined();
      }
    });
    fc.assert(run, { numRuns: 100 });
    // A run in which nothing is accepted would prove nothing.
    expect(accepted).toBeGreaterThan(100);
  });
});
