import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type AgreementState, agreement } from '../../src/kinds/agreement.ts';
import { agreedAt } from '../../src/kinds/agreement-queries.ts';
import { instantText } from '../../src/module/instant.ts';
import { oneOf, shape } from '../../src/module/shapes.ts';
import { Play } from '../harness/play.ts';
import { refusalOf } from '../harness/refusal-of.ts';
import { A, B, DAY, NOW } from './samples.ts';

type Terms = { readonly slot: string };

const MODULE = 'test.stay';
/** Without notice, so that begins and ends fall anywhere. */
const stay = agreement<Terms>({
  name: MODULE,
  version: '1.0.0',
  summary: { 'zh-CN': '占用', en: 'Stay' },
  terms: shape({ slot: oneOf('s1', 's2') }),
  holds: ({ terms }) => [terms.slot],
});

// In days.
const step = fc.record({
  act: fc.constantFrom('agree', 'agree', 'follow', 'terminate', 'release'),
  which: fc.nat(3),
  slot: fc.constantFrom('s1', 's2'),
  from: fc.nat(3),
  lasts: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }),
  wait: fc.nat(2),
});
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

function take(play: Play, { act, which, slot, from, lasts, wait }: Step): void {
  play.time += wait * DAY;
  const begins = play.time + from * DAY;
  const text = {
    ...{ terms: { slot }, validFrom: instantText(begins) },
    ...(lasts === undefined ? {} : { validUntil: instantText(begins + lasts * DAY) }),
  };
  const ids = play.ids(MODULE);
  const id = ids[which % Math.max(ids.length, 1)] ?? 'f'.repeat(32);
  const run = (command: string, data: object, of: string | undefined, as = A): string =>
    play.run({ module: MODULE, command, as, data: data as never, ...(of ? { id: of } : {}) }).id;
  const sign = (of: string): string =>
    run('sign', { version: play.state<AgreementState>(MODULE, of).versions }, of, B);
  refusalOf(() => {
    if (act === 'agree') sign(run('propose', { parties: [B], ...text }, undefined));
    else if (act === 'follow') sign(run('supersede', text, id));
    else if (act === 'terminate') run('terminate', { validFrom: text.validFrom }, id);
    else run('release', {}, id);
  });
}

it('no two agreements on one key are in force at once, now or later [C12]', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 3, maxLength: 14, size: 'max' }), (steps) => {
      const play = new Play([stay], { time: NOW });
      for (const one of steps) {
        take(play, one);
        const states = play.ids(MODULE).map((id) => play.state<AgreementState<Terms>>(MODULE, id));
        for (let at = play.time; at <= play.time + 7 * DAY; at += DAY) {
          const slots = states.flatMap((state) => agreedAt(state, at)?.terms.slot ?? []);
          expect(slots).toHaveLength(new Set(slots).size);
        }
      }
    }),
    { numRuns: 200 },
  );
});
