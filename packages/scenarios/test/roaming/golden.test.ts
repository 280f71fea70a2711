import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { readBwrpContract } from '../../src/roaming/bwrp/read-contract.ts';
import { readBwrpSettlement } from '../../src/roaming/bwrp/read-settlement.ts';
import { type Repair, readBwrpUsage } from '../../src/roaming/bwrp/read-usage.ts';
import { compareUsage } from '../../src/roaming/settlement/discrepancy.ts';
import { type Settled, settle } from '../../src/roaming/settlement/settle.ts';
import { describeWithShared, sharedPath } from '../harness/shared-data.ts';
import { centsOf, centsText, naivePrice } from './naive-settlement.ts';

// Test sets of the pilot, not live traffic, though with codes of real operators.
const REPAIR: readonly Repair[] = ['excel-dates'];

const textOf = (set: string, name: string): string =>
  readFileSync(sharedPath(`roaming/${set}/${name}.json`), 'utf8');

const usageOf = (set: string, party: string) =>
  readBwrpUsage(textOf(set, `${party}_usage_body_to_create`), REPAIR);

function settled(set: string, party = 'DTAG') {
  const tariff = readBwrpContract(textOf(set, 'DTAG_contract_body_to_create'));
  const { inbound, outbound } = usageOf(set, party);
  const { directions } = settle(tariff, [...inbound, ...outbound], { closing: true });
  const expected = readBwrpSettlement(
    textOf(set, `expected_${party}_local_usage_settlement_generatedResult`),
  );
  // Inbound is what the partner's customers used in the networks of the party whose file it is.
  const isInbound = (home: string) => (party === 'DTAG') !== home.startsWith('DTAG');
  const pairs = tariff.discounts.map((discount, index) => ({
    discount,
    ours: directions[index] as Settled,
    theirs: isInbound(discount.home) ? expected.inbound : expected.outbound,
    rows: isInbound(discount.home) ? inbound : outbound,
  }));
  return { tariff, pairs, expected };
}

const near = (ours: string, theirs: string): boolean => {
  const [a, b] = [centsOf(ours), centsOf(theirs)];
  return a - b <= 1n && b - a <= 1n;
};

const linesOf = (set: string, party?: string) =>
  settled(set, party).pairs.flatMap(({ ours, theirs }) =>
    ours.lines.map((line) => ({
      ours: line,
      theirs: theirs.lines.find(({ service }) => service === line.service),
    })),
  );

const sumCents = (amounts: readonly string[]): string =>
  centsText(amounts.reduce((sum, amount) => sum + centsOf(amount), 0n));

describeWithShared('settlement of the pilot', 'roaming/kong', () => {
  it('[R6] kong: 8 of 8 lines equal the pilot’s to 0.01', () => {
    const lines = linesOf('kong');
    expect(lines).toHaveLength(8);
    for (const { ours, theirs } of lines) {
      expect(near(ours.amount, theirs?.amount ?? '-1')).toBe(true);
      expect(near(ours.usage, theirs?.usage ?? '-1')).toBe(true);
    }
  });

  it('[R6] federico: 10 of 11 lines; the other has no rate, and the pilot does not tell its usage', () => {
    const lines = linesOf('federico');
    expect(lines).toHaveLength(11);
    const equal = lines.filter(
      ({ ours, theirs }) =>
        near(ours.amount, theirs?.amount ?? '-1') && near(ours.usage, theirs?.usage ?? '-1'),
    );
    expect(equal).toHaveLength(10);
    const [other] = lines.filter((line) => !equal.includes(line));
    expect(other?.ours).toMatchObject({ service: 'MTC', value: null, amount: '0.00', usage: '56280703' });
    expect(other?.theirs).toMatchObject({ amount: '0', usage: '0' });
  });

  it.each(['kong', 'federico'])(
    '%s: a second settlement, in whole numbers, comes to the same cents',
    (set) => {
      for (const { discount, ours, rows } of settled(set).pairs)
        for (const [index, price] of (discount.groups[0]?.services ?? []).entries()) {
          const usages = rows.filter(({ service }) => service === price.service).map(({ usage }) => usage);
          const naive = price.rate ? naivePrice(usages, price.rate.thresholds) : 0n;
          expect(ours.lines[index]?.amount).toBe(centsText(naive));
        }
    },
  );

  it('services that the contract does not name are told with their usage, and cost nothing', () => {
    expect(settled('federico').pairs.map(({ ours }) => ours.unpriced)).toEqual([
      [
        { service: 'MOC Home', usage: '16730281' },
        { service: 'MTC', usage: '14022893' },
      ],
      [{ service: 'MOC Home', usage: '69024327' }],
    ]);
    expect(settled('kong').pairs.map(({ ours }) => ours.unpriced)).toEqual([[], []]);
  });

  it('[R7] the shortfall is that of the deal, and allotments add up to it', () => {
    const [inbound, outbound] = settled('federico').pairs.map(({ ours }) => ours);
    expect(inbound).toMatchObject({ total: '3309805.18', shortfall: '3690194.82', due: '7000000.00' });
    expect(outbound).toMatchObject({ total: '6681369.40', shortfall: '3318630.60', due: '10000000.00' });
    for (const direction of [inbound, outbound])
      expect(sumCents(direction?.lines.map(({ allotment }) => allotment) ?? [])).toBe(direction?.shortfall);
  });

  it('[R7] the pilot’s allotments lose the part of a service without usage', () => {
    const sums = settled('federico').pairs.map(({ theirs }) =>
      sumCents(theirs.lines.map(({ shortfall }) => shortfall)),
    );
    // Sums of four rounded parts: a cent or two from the rounded sums of the reference.
    expect(sums.map((sum, index) => near(sum, ['2952155.84', '2654904.48'][index] ?? ''))).toEqual([
      true,
      true,
    ]);
  });

  it('[R7] a commitment that is exceeded leaves nothing to pay, never less', () => {
    const { tariff, pairs } = settled('federico');
    const [discount] = tariff.discounts;
    if (!discount) throw new Error('no discount');
    const low = { ...discount, commitment: { value: '1000', currency: 'EUR' } };
    const [direction] = settle({ ...tariff, discounts: [low] }, pairs[0]?.rows ?? [], {
      closing: true,
    }).directions;
    expect(direction).toMatchObject({ shortfall: '0.00', total: '3309805.18', due: '3309805.18' });
    expect(direction?.lines.every(({ allotment }) => allotment === '0.00')).toBe(true);
  });

  it('[R4] EURO is taken for EUR by the import alone, with a warning', () => {
    expect(settled('federico').expected.warnings).toEqual([
      { field: '/inbound/currency', rule: 'EURO taken for EUR', value: 'EURO' },
      { field: '/outbound/currency', rule: 'EURO taken for EUR', value: 'EURO' },
    ]);
  });
});

describeWithShared('discrepancy of the pilot', 'roaming/federico', () => {
  it.each([
    ['federico', 423, 148],
    ['kong', 32, 0],
  ])('[R8] %s: of %i keys, %i differ by more than 1e-6', (set, keys, differing) => {
    const [own, partner] = [usageOf(set, 'DTAG'), usageOf(set, 'TMUS')];
    const inbound = compareUsage(own.inbound, partner.outbound);
    const outbound = compareUsage(own.outbound, partner.inbound);
    expect(inbound.tolerance).toEqual({ absolute: '0.000001', relative: '0' });
    expect(inbound.compared + outbound.compared).toBe(keys);
    expect(inbound.differing + outbound.differing).toBe(differing);
  });

  it('[R8] row by row the pilot’s own differences, with a sign: own minus partner', () => {
    const [own, partner] = [usageOf('federico', 'DTAG'), usageOf('federico', 'TMUS')];
    const expected = JSON.parse(textOf('federico', 'expected_DTAG_local_usage_discrepancy_body')) as {
      readonly inbound: readonly Record<string, string | number>[];
    };
    const theirs = expected.inbound.filter(({ delta_usage_abs: delta }) => Number(delta) !== 0);
    const { rows } = compareUsage(own.inbound, partner.outbound);
    expect(rows).toHaveLength(theirs.length);
    expect(rows[0]).toMatchObject({
      period: '201901',
      homeTadig: 'AAZOR',
      visitorTadig: 'DEUD1',
      service: 'MOC Local',
      own: '1010',
      partner: '1212',
      delta: '-202',
      percent: '-20',
    });
  });

  it('[R9] 43466 for a month is refused with its place, and repaired only where that was asked for', () => {
    const text = textOf('federico', 'DTAG_usage_body_to_create');
    expect(() => readBwrpUsage(text)).toThrow(
      expect.objectContaining({ kind: 'bad-input', field: '/inbound/0/yearMonth' }),
    );
    const { inbound, repairs } = readBwrpUsage(text, REPAIR);
    expect(inbound[0]?.period).toBe('201901');
    expect(repairs).toHaveLength(423);
    expect(repairs[0]).toEqual({ field: '/inbound/0/yearMonth', rule: 'excel-dates', value: '43466' });
  });
});
