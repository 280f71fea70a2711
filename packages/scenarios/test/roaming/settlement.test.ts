import { describe, expect, it } from 'vitest';
import { validatorOf } from '../../src/module/schemas.ts';
import { DID } from '../../src/module/shapes.ts';
import { compareUsage } from '../../src/roaming/settlement/discrepancy.ts';
import { netPosition } from '../../src/roaming/settlement/net-position.ts';
import { settle } from '../../src/roaming/settlement/settle.ts';
import {
  checkTariff,
  type ServicePrice,
  type Tariff,
  type Threshold,
  tariffSchema,
} from '../../src/roaming/settlement/tariff.ts';
import { checkUsageRow, type UsageRow } from '../../src/roaming/settlement/usage-row.ts';

const row = (usage: string, changed: Partial<UsageRow> = {}): UsageRow => ({
  period: '202611',
  homeTadig: 'JPNXX',
  visitorTadig: 'CHNYY',
  service: 'MOC Local',
  usage,
  unit: 'min',
  currency: 'EUR',
  ...changed,
});

const tiered: readonly Threshold[] = [
  { start: '0', linearPrice: '5' },
  { start: '1500', linearPrice: '3' },
];

const tariffOf = (price: Omit<ServicePrice, 'service' | 'includedInCommitment'>): Tariff => ({
  currency: 'EUR',
  term: { from: '202601', to: '202612' },
  rounding: { rule: 'half-even', decimals: 2 },
  discounts: [
    {
      home: 'did:mno:jp',
      groups: [
        {
          homeTadigs: ['JPNXX'],
          visitorTadigs: ['CHNYY'],
          services: [{ service: 'MOC Local', includedInCommitment: true, ...price }],
        },
      ],
    },
  ],
});

const due = (tariff: Tariff, rows: readonly UsageRow[]) =>
  settle(tariff, rows, { closing: true }).directions[0]?.due;

describe('prices', () => {
  it.each([
    ['1500', '7500.00'],
    ['1501', '7503.00'],
    ['0', '0.00'],
    ['0.001', '0.00'],
    ['0.003', '0.02'],
  ])('[R11] %s units with 5 from 0 and 3 from 1500 on cost %s', (usage, price) => {
    expect(due(tariffOf({ rate: { thresholds: tiered } }), [row(usage)])).toBe(price);
  });

  it('a fixed price is paid once by whoever uses the tier at all', () => {
    const rate = {
      thresholds: [
        { start: '0', fixedPrice: '100' },
        { start: '10', fixedPrice: '7' },
      ],
    };
    expect(due(tariffOf({ rate }), [])).toBe('0.00');
    expect(due(tariffOf({ rate }), [row('10')])).toBe('100.00');
    expect(due(tariffOf({ rate }), [row('10.5')])).toBe('107.00');
  });

  it('as much as the other side uses too is balanced, the rest is not', () => {
    const balanced = { thresholds: [{ start: '0', linearPrice: '1' }] };
    const unbalanced = { thresholds: [{ start: '0', linearPrice: '2' }] };
    const tariff = tariffOf({ balancedRate: balanced, unbalancedRate: unbalanced });
    const back = row('30', { homeTadig: 'CHNYY', visitorTadig: 'JPNXX' });
    expect(due(tariff, [row('100'), back])).toBe('170.00');
    expect(due(tariff, [row('20'), back])).toBe('20.00');
  });

  it('before the term closes nothing is missing yet', () => {
    const tariff = tariffOf({ rate: { thresholds: tiered } });
    const discounts = tariff.discounts.map((discount) => ({
      ...discount,
      commitment: { value: '1000', currency: 'EUR' },
    }));
    const open = settle({ ...tariff, discounts }, [row('1')], { closing: false }).directions[0];
    expect(open).toMatchObject({ shortfall: '0.00', due: '5.00', commitment: '1000' });
    const closed = settle({ ...tariff, discounts }, [row('1')], { closing: true }).directions[0];
    expect(closed).toMatchObject({ shortfall: '995.00', due: '1000.00' });
  });

  it('usage in another currency is refused with its row', () => {
    expect(() =>
      due(tariffOf({ rate: { thresholds: tiered } }), [row('1'), row('1', { currency: 'XDR' })]),
    ).toThrow(expect.objectContaining({ code: 'currency_mismatch', field: '/rows/1/currency' }));
  });
});

describe('tariffs', () => {
  const at = '/terms/discounts/0/groups/0/services/0';

  it.each<[string, Omit<ServicePrice, 'service' | 'includedInCommitment'>]>([
    [
      `${at}/rate/thresholds/1/start`,
      {
        rate: {
          thresholds: [...tiered]
            .reverse()
            .map((tier, index) => (index ? { ...tier, start: '0' } : { ...tier, start: '0' })),
        },
      },
    ],
    [`${at}/rate/thresholds/0/start`, { rate: { thresholds: [{ start: '1', linearPrice: '5' }] } }],
    [`${at}/rate/thresholds/0`, { rate: { thresholds: [{ start: '0' }] } }],
    [`${at}/rate/thresholds/0/linearPrice`, { rate: { thresholds: [{ start: '0', linearPrice: '-5' }] } }],
    [at, { balancedRate: { thresholds: tiered } }],
    [
      at,
      {
        rate: { thresholds: tiered },
        balancedRate: { thresholds: tiered },
        unbalancedRate: { thresholds: tiered },
      },
    ],
  ])('[R4] refuses at %s', (field, price) => {
    expect(() => checkTariff(tariffOf(price))).toThrow(expect.objectContaining({ kind: 'bad-input', field }));
  });

  it('[R4] the schema knows no currency EURO, and no amount of 40 digits', () => {
    const check = validatorOf(tariffSchema(DID));
    const tariff = tariffOf({ rate: { thresholds: tiered } });
    expect(() => check(tariff)).not.toThrow();
    expect(() => check({ ...tariff, currency: 'EURO' })).toThrow(
      expect.objectContaining({ field: '/currency' }),
    );
    const long = tariffOf({ rate: { thresholds: [{ start: '0', linearPrice: '1'.repeat(40) }] } });
    expect(() => check(long)).toThrow(expect.objectContaining({ kind: 'bad-input' }));
  });

  it('prices nothing twice', () => {
    const tariff = tariffOf({ rate: { thresholds: tiered } });
    const discounts = tariff.discounts.map((discount) => ({
      ...discount,
      groups: [...discount.groups, ...discount.groups],
    }));
    expect(() => checkTariff({ ...tariff, discounts })).toThrow(
      expect.objectContaining({ field: '/terms/discounts/0/groups/1/services/0' }),
    );
  });
});

describe('usage rows', () => {
  it.each<[string, Partial<UsageRow>]>([
    ['/visitorTadig', { visitorTadig: 'JPNXX' }],
    ['/usage', { usage: '-1' }],
    ['/unit', { unit: 'MB' }],
  ])('refuses %s', (field, changed) => {
    expect(() => checkUsageRow(row('1', changed), '')).toThrow(expect.objectContaining({ field }));
  });

  it('a tolerance may be relative; it is never negative', () => {
    const relative = { absolute: '0', relative: '0.01' };
    expect(compareUsage([row('100')], [row('101')], relative).differing).toBe(0);
    expect(compareUsage([row('100')], [row('102')], relative).differing).toBe(1);
    expect(compareUsage([row('0.1'), row('0.2')], [row('0.3')]).rows).toEqual([]);
    expect(compareUsage([], [row('1')]).rows).toMatchObject([{ own: '0', delta: '-1', percent: null }]);
    expect(() => compareUsage([], [], { absolute: '-1', relative: '0' })).toThrow(
      expect.objectContaining({ field: '/tolerance/absolute' }),
    );
  });

  it('a net position is of two parties and one currency', () => {
    const debt = { payer: 'x', payee: 'y', amount: '1.00', currency: 'EUR' };
    expect(netPosition([])).toBeNull();
    expect(() => netPosition([debt, { ...debt, payee: 'z' }])).toThrow(
      expect.objectContaining({ field: '/1' }),
    );
    expect(() => netPosition([debt, { ...debt, currency: 'XDR' }])).toThrow(
      expect.objectContaining({ code: 'currency_mismatch' }),
    );
  });
});
