import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareUsage } from '../../src/roaming/settlement/discrepancy.ts';
import { netPosition } from '../../src/roaming/settlement/net-position.ts';
import { settle } from '../../src/roaming/settlement/settle.ts';
import type { Tariff } from '../../src/roaming/settlement/tariff.ts';
import type { UsageRow } from '../../src/roaming/settlement/usage-row.ts';
import { centsOf, centsText, naivePrice } from './naive-settlement.ts';

const SERVICES = ['MOC Local', 'GPRS', 'SMS MO'];

const decimal = (whole: number, digits: number) =>
  fc
    .tuple(fc.integer({ min: 0, max: whole }), fc.integer({ min: 0, max: 10 ** digits - 1 }))
    .map(([units, fraction]) => `${units}.${String(fraction).padStart(digits, '0')}`);

const tiers = fc.uniqueArray(fc.integer({ min: 1, max: 5000 }), { maxLength: 4 }).chain((starts) =>
  fc.tuple(
    ...[0, ...starts.sort((a, b) => a - b)].map((start) =>
      fc.record({
        start: fc.constant(String(start)),
        linearPrice: decimal(9, 4),
        fixedPrice: decimal(99, 2),
      }),
    ),
  ),
);

const rows = fc.array(
  fc.record({ service: fc.constantFrom(...SERVICES), usage: decimal(3000, 6) }).map(
    ({ service, usage }): UsageRow => ({
      period: '202611',
      homeTadig: 'JPNXX',
      visitorTadig: 'CHNYY',
      service,
      usage,
      unit: 'min',
      currency: 'EUR',
    }),
  ),
  { maxLength: 20 },
);

const tariff = fc.tuple(decimal(100_000, 2), fc.array(tiers, { minLength: 3, maxLength: 3 })).map(
  ([value, rates]): Tariff => ({
    currency: 'EUR',
    term: { from: '202601', to: '202612' },
    rounding: { rule: 'half-even', decimals: 2 },
    discounts: [
      {
        home: 'did:mno:jp',
        commitment: { value, currency: 'EUR' },
        groups: [
          {
            homeTadigs: ['JPNXX'],
            visitorTadigs: ['CHNYY'],
            services: SERVICES.map((service, index) => ({
              service,
              includedInCommitment: index > 0,
              rate: { thresholds: rates[index] ?? [] },
            })),
          },
        ],
      },
    ],
  }),
);

describe('settlement', () => {
  it('comes to the cents of the second settlement; sums tie; no shortfall is negative', () => {
    fc.assert(
      fc.property(tariff, rows, (deal, used) => {
        const [direction] = settle(deal, used, { closing: true }).directions;
        const [{ groups, commitment }] = deal.discounts as [(typeof deal.discounts)[number]];
        const sum = (amounts: readonly string[]) =>
          amounts.reduce((total, amount) => total + centsOf(amount), 0n);
        for (const [index, { service, rate }] of (groups[0]?.services ?? []).entries()) {
          const usages = used.filter((row) => row.service === service).map(({ usage }) => usage);
          const naive = centsText(naivePrice(usages, rate?.thresholds ?? []));
          expect(direction?.lines[index]?.amount).toBe(naive);
        }
        const lines = direction?.lines ?? [];
        const included = lines.filter(({ includedInCommitment }) => includedInCommitment);
        const gap = centsOf(commitment?.value ?? '0') - sum(included.map(({ amount }) => amount));
        expect(centsOf(direction?.shortfall ?? '')).toBe(gap > 0n ? gap : 0n);
        expect(sum(lines.map(({ allotment }) => allotment))).toBe(centsOf(direction?.shortfall ?? ''));
        expect(centsOf(direction?.due ?? '')).toBe(
          sum(lines.map(({ amount }) => amount)) + centsOf(direction?.shortfall ?? ''),
        );
      }),
      { numRuns: 200 },
    );
  });

  it('does not depend on the order or the split of rows', () => {
    fc.assert(
      fc.property(tariff, rows, (deal, used) => {
        expect(settle(deal, [...used].reverse(), { closing: true })).toEqual(
          settle(deal, used, { closing: true }),
        );
      }),
      { numRuns: 50 },
    );
  });

  it('a discrepancy changes its sign with the side, and no side differs from itself', () => {
    fc.assert(
      fc.property(rows, rows, (own, partner) => {
        const [ours, theirs] = [compareUsage(own, partner), compareUsage(partner, own)];
        expect(ours.differing).toBe(theirs.differing);
        const negated = theirs.rows.map(({ delta }) =>
          delta.startsWith('-') ? delta.slice(1) : `-${delta}`,
        );
        expect(ours.rows.map(({ delta }) => delta)).toEqual(negated);
        expect(compareUsage(own, own).differing).toBe(0);
      }),
      { numRuns: 50 },
    );
  });

  it('a net position pays in one direction, what is left of both', () => {
    fc.assert(
      fc.property(decimal(9999, 2), decimal(9999, 2), (a, b) => {
        const [left, right] = [centsOf(a), centsOf(b)];
        const debt = (payer: string, payee: string, amount: string) => ({
          payer,
          payee,
          amount,
          currency: 'EUR',
        });
        const net = netPosition([debt('x', 'y', a), debt('y', 'x', b)]);
        const expected = centsText(left > right ? left - right : right - left);
        if (left === right) expect(net).toBeNull();
        else expect(net).toEqual(left > right ? debt('x', 'y', expected) : debt('y', 'x', expected));
      }),
    );
  });
});
