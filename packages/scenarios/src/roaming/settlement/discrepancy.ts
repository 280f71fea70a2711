import {
  absolute,
  add,
  compare,
  type Decimal,
  divide,
  isNegative,
  isZero,
  most,
  multiply,
  subtract,
} from '../../decimal/decimal.ts';
import { refuse } from '../xml/element.ts';
import { sumUsage, type UsageRow } from './usage-row.ts';

/** Values differ when they are further apart than the absolute and than the relative tolerance. */
export type Tolerance = {
  readonly absolute: string;
  /** Of the greater of the two values' sizes. */
  readonly relative: string;
};

export const DEFAULT_TOLERANCE: Tolerance = { absolute: '0.000001', relative: '0' };

export type Compared = {
  readonly own: string;
  readonly partner: string;
  /** Own minus partner's: positive where we say more. */
  readonly delta: string;
  /** Delta in percent of own, six decimals, half to even; null where own is 0 and the partner's is not. */
  readonly percent: string | null;
  readonly differs: boolean;
};

export type DiscrepancyRow = Compared & {
  readonly period: string;
  readonly homeTadig: string;
  readonly visitorTadig: string;
  readonly service: string;
};

export type Discrepancy = {
  readonly tolerance: Tolerance;
  readonly compared: number;
  readonly differing: number;
  /** Rows that differ, in the order of period, networks and service. */
  readonly rows: readonly DiscrepancyRow[];
  /** Sums of both sides, by service. */
  readonly services: readonly (Compared & { readonly service: string })[];
};

/** Compares two values. */
export function compareValues(own: Decimal, partner: Decimal, tolerance = DEFAULT_TOLERANCE): Compared {
  const delta = subtract(own, partner);
  const [gap, size] = [absolute(delta), most(absolute(own), absolute(partner))];
  const differs =
    compare(gap, tolerance.absolute) > 0 && compare(gap, multiply(size, tolerance.relative)) > 0;
  return { own, partner, delta, percent: percentOf(delta, own), differs };
}

function percentOf(delta: Decimal, own: Decimal): string | null {
  if (isZero(delta)) return '0';
  return isZero(own) ? null : divide(multiply(delta, '100'), own, 6, 'half-even');
}

/**
 * Own values against the partner's of the same direction, row by row: period, networks, service. Rows of one key add up;
 * what one side does not have is 0.
 * @throws AppError invalid_argument for a tolerance that is negative
 */
export function compareUsage(
  own: Iterable<UsageRow>,
  partner: Iterable<UsageRow>,
  tolerance: Tolerance = DEFAULT_TOLERANCE,
): Discrepancy {
  for (const [name, value] of Object.entries(tolerance))
    if (isNegative(value)) throw refuse(`/tolerance/${name}`, 'negative');
  const [mine, theirs] = [sumUsage(own, keyOf), sumUsage(partner, keyOf)];
  const rows = [...new Set([...mine.keys(), ...theirs.keys()])].sort().map((key): DiscrepancyRow => {
    const [period = '', homeTadig = '', visitorTadig = '', service = ''] = key.split('\t');
    const compared = compareValues(mine.get(key) ?? '0', theirs.get(key) ?? '0', tolerance);
    return { period, homeTadig, visitorTadig, service, ...compared };
  });
  const differing = rows.filter(({ differs }) => differs);
  return {
    tolerance,
    compared: rows.length,
    differing: differing.length,
    rows: differing,
    services: byService(rows, tolerance),
  };
}

const keyOf = ({ period, homeTadig, visitorTadig, service }: UsageRow): string =>
  [period, homeTadig, visitorTadig, service].join('\t');

function byService(rows: readonly DiscrepancyRow[], tolerance: Tolerance): Discrepancy['services'] {
  const sums = new Map<string, { own: Decimal; partner: Decimal }>();
  for (const { service, own, partner } of rows) {
    const before = sums.get(service) ?? { own: '0', partner: '0' };
    sums.set(service, { own: add(before.own, own), partner: add(before.partner, partner) });
  }
  return [...sums]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([service, { own, partner }]) => ({ service, ...compareValues(own, partner, tolerance) }));
}
