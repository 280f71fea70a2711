import { allocate } from '../../decimal/allocate.ts';
import { add, type Decimal, fixed, most, round, subtract, sum } from '../../decimal/decimal.ts';
import { fail } from '../../errors.ts';
import { priceOf } from './price.ts';
import type { Discount, LineRounding, ServiceGroup, ServicePrice, Tariff } from './tariff.ts';
import { sumUsage, type UsageRow } from './usage-row.ts';

export type StatementLine = {
  /** Number of the group in the tariff's discount. */
  readonly group: number;
  readonly service: string;
  readonly usage: string;
  /** Exact price; null where the tariff names the service without a rate. */
  readonly value: string | null;
  /** The price, rounded as the tariff says. */
  readonly amount: string;
  readonly includedInCommitment: boolean;
  /** Part of the shortfall that is booked on this line. */
  readonly allotment: string;
};

/** Usage of a service that the tariff does not name, or between networks that it does not name. */
export type Unpriced = { readonly service: string; readonly usage: string };

export type Settled = {
  /** Who pays. */
  readonly home: string;
  readonly lines: readonly StatementLine[];
  readonly unpriced: readonly Unpriced[];
  /** Sum of the lines' amounts. */
  readonly total: string;
  readonly commitment: string | null;
  /** What the included lines lack of the commitment: 0 or more. */
  readonly shortfall: string;
  /** Total and shortfall. */
  readonly due: string;
};

export type Settlement = {
  readonly currency: string;
  readonly directions: readonly Settled[];
  /** Usage by customers of networks that are the home of no direction. */
  readonly unmatched: readonly Unpriced[];
};

/**
 * Settles usage by a tariff. Volumes of all rows are summed by group and service before they are priced, so thresholds
 * count from the first of them. Amounts are rounded once per line: totals are sums of what the lines print.
 * @param closing whether these are the last rows of the term: only then a commitment can be missed
 * @throws AppError currency_mismatch with the row's pointer
 */
export function settle(tariff: Tariff, rows: readonly UsageRow[], { closing }: Closing): Settlement {
  for (const [index, { currency }] of rows.entries())
    if (currency !== tariff.currency) throw fail('currency_mismatch', { field: `/rows/${index}/currency` });
  return {
    currency: tariff.currency,
    directions: tariff.discounts.map((discount) => settleDirection(tariff, { discount, rows, closing })),
    unmatched: unmatchedOf(tariff, rows),
  };
}

export interface Closing {
  readonly closing: boolean;
}

interface Direction extends Closing {
  readonly discount: Discount;
  readonly rows: readonly UsageRow[];
}

function settleDirection({ rounding }: Tariff, { discount, rows, closing }: Direction): Settled {
  const { rule, decimals } = rounding;
  const priced = priceAll(discount, rows, rounding);
  const included = priced.filter(({ price }) => price.includedInCommitment);
  const total = sum(priced.map(({ amount }) => amount));
  const shortfall = closing ? round(missing(discount, included), decimals, rule) : '0';
  const parts = partsOf(shortfall, included.length, decimals);
  const allotments = new Map(included.map((line, index) => [line, parts[index] ?? '0']));
  return {
    home: discount.home,
    lines: priced.map((line) => ({
      group: line.group,
      service: line.price.service,
      usage: line.volume,
      value: line.value ?? null,
      amount: fixed(line.amount, decimals),
      includedInCommitment: line.price.includedInCommitment,
      allotment: fixed(allotments.get(line) ?? '0', decimals),
    })),
    unpriced: unpricedOf(discount, rows),
    total: fixed(total, decimals),
    commitment: discount.commitment?.value ?? null,
    shortfall: fixed(shortfall, decimals),
    due: fixed(add(total, shortfall), decimals),
  };
}

/** The shortfall in equal parts over the lines that count towards the commitment, used or not. */
const partsOf = (shortfall: Decimal, lines: number, decimals: number): readonly Decimal[] =>
  lines === 0
    ? []
    : allocate(
        shortfall,
        Array.from({ length: lines }, () => '1'),
        decimals,
      );

interface Priced {
  readonly group: number;
  readonly price: ServicePrice;
  readonly volume: Decimal;
  readonly value: Decimal | undefined;
  readonly amount: Decimal;
}

const priceAll = (
  { groups }: Discount,
  rows: readonly UsageRow[],
  rounding: LineRounding,
): readonly Priced[] =>
  groups.flatMap((group, index) => {
    const volumes = volumesOf(group, rows);
    return group.services.map((price) => {
      const { volume = '0', opposite = '0' } = volumes.get(price.service) ?? {};
      const value = priceOf(price, volume, opposite);
      return {
        group: index,
        price,
        volume,
        value,
        amount: round(value ?? '0', rounding.decimals, rounding.rule),
      };
    });
  });

// A commitment that is exceeded is kept: nobody gets money back for it.
const missing = ({ commitment }: Discount, included: readonly Priced[]): Decimal =>
  most('0', subtract(commitment?.value ?? '0', sum(included.map(({ amount }) => amount))));

interface Volumes {
  readonly volume: Decimal;
  readonly opposite: Decimal;
}

function volumesOf(group: ServiceGroup, rows: readonly UsageRow[]): ReadonlyMap<string, Volumes> {
  const [homes, visitors] = [new Set(group.homeTadigs), new Set(group.visitorTadigs)];
  const there = sumUsage(rows, ({ homeTadig, visitorTadig, service }) =>
    homes.has(homeTadig) && visitors.has(visitorTadig) ? service : undefined,
  );
  const back = sumUsage(rows, ({ homeTadig, visitorTadig, service }) =>
    visitors.has(homeTadig) && homes.has(visitorTadig) ? service : undefined,
  );
  return new Map(
    [...there].map(([service, volume]) => [service, { volume, opposite: back.get(service) ?? '0' }]),
  );
}

function unpricedOf(discount: Discount, rows: readonly UsageRow[]): readonly Unpriced[] {
  const named = new Set<string>();
  const homes = new Set(homesOf(discount));
  for (const { homeTadigs, visitorTadigs, services } of discount.groups)
    for (const home of homeTadigs)
      for (const visitor of visitorTadigs)
        for (const { service } of services) named.add(`${home} ${visitor} ${service}`);
  return listed(
    sumUsage(rows, ({ homeTadig, visitorTadig, service }) =>
      homes.has(homeTadig) && !named.has(`${homeTadig} ${visitorTadig} ${service}`) ? service : undefined,
    ),
  );
}

const homesOf = ({ groups }: Discount): readonly string[] => groups.flatMap(({ homeTadigs }) => homeTadigs);

function unmatchedOf({ discounts }: Tariff, rows: readonly UsageRow[]): readonly Unpriced[] {
  const homes = new Set(discounts.flatMap(homesOf));
  return listed(sumUsage(rows, ({ homeTadig, service }) => (homes.has(homeTadig) ? undefined : service)));
}

const listed = (sums: ReadonlyMap<string, Decimal>): readonly Unpriced[] =>
  [...sums].map(([service, usage]) => ({ service, usage })).sort((a, b) => (a.service < b.service ? -1 : 1));
