import { compare, isNegative, isZero, ROUNDINGS, type Rounding } from '../../decimal/decimal.ts';
import { CURRENCY } from '../../decimal/money.ts';
import type { JsonSchema } from '../../module/module.ts';
import { integer, list, oneOf, shape } from '../../module/shapes.ts';
import { PERIOD } from '../period.ts';
import { QUANTITY } from '../quantity.ts';
import { SERVICE } from '../services.ts';
import { TADIG_CODE } from '../tadig.ts';
import { refuse } from '../xml/element.ts';

/** From `start` on, each unit costs `linearPrice`; whoever uses the tier at all pays `fixedPrice` once. */
export type Threshold = {
  readonly start: string;
  readonly linearPrice?: string;
  readonly fixedPrice?: string;
};

export type Rate = { readonly thresholds: readonly Threshold[] };

export type ServicePrice = {
  readonly service: string;
  readonly includedInCommitment: boolean;
  /** Price of all usage. */
  readonly rate?: Rate;
  /** Price of as much as the other side uses too, and of what goes beyond. In place of `rate`, both or neither. */
  readonly balancedRate?: Rate;
  readonly unbalancedRate?: Rate;
};

export type ServiceGroup = {
  readonly homeTadigs: readonly string[];
  readonly visitorTadigs: readonly string[];
  readonly services: readonly ServicePrice[];
};

/** What the customers of one party pay in the networks of the other. */
export type Discount = {
  /** The home party: it pays. */
  readonly home: string;
  /** Revenue that it promises over the whole term. */
  readonly commitment?: { readonly value: string; readonly currency: string };
  readonly groups: readonly ServiceGroup[];
};

export type LineRounding = { readonly rule: Rounding; readonly decimals: number };

/** Inter-operator tariff by the names of BWRP and AA.14. */
export type Tariff = {
  readonly currency: string;
  /** First and last month, `yyyymm`. */
  readonly term: { readonly from: string; readonly to: string };
  /** How and to how many digits each line is rounded. */
  readonly rounding: LineRounding;
  readonly discounts: readonly Discount[];
  /** Who decides where the two cannot: only with it in their tariff. */
  readonly arbiter?: string;
};

const THRESHOLD = shape({ start: QUANTITY, linearPrice: QUANTITY, fixedPrice: QUANTITY }, [
  'linearPrice',
  'fixedPrice',
]);
const RATE = shape({ thresholds: list(THRESHOLD, 32, 1) });
const PRICE = shape(
  {
    service: SERVICE,
    includedInCommitment: { type: 'boolean' },
    rate: RATE,
    balancedRate: RATE,
    unbalancedRate: RATE,
  },
  ['rate', 'balancedRate', 'unbalancedRate'],
);
const CODES = { ...list(TADIG_CODE, 200, 1), uniqueItems: true };
const GROUP = shape({ homeTadigs: CODES, visitorTadigs: CODES, services: list(PRICE, 64, 1) });

/** @param party schema of the name of a party: its DID in agreements */
export const tariffSchema = (party: JsonSchema): JsonSchema =>
  shape(
    {
      currency: CURRENCY,
      term: shape({ from: PERIOD, to: PERIOD }),
      rounding: shape({ rule: oneOf(...ROUNDINGS), decimals: integer(0, 6) }),
      discounts: list(
        shape(
          {
            home: party,
            commitment: shape({ value: QUANTITY, currency: CURRENCY }),
            groups: list(GROUP, 32, 1),
          },
          ['commitment'],
        ),
        2,
        1,
      ),
      arbiter: party,
    },
    ['arbiter'],
  );

/**
 * What no schema says of a tariff: term in order, thresholds that ascend from 0, prices that are not negative, either one
 * rate or both of a balanced pair, nothing priced twice, one currency.
 * @throws AppError invalid_argument, with a pointer below `at`
 */
export function checkTariff(tariff: Tariff, at = '/terms'): void {
  if (tariff.term.to < tariff.term.from) throw refuse(`${at}/term/to`, 'before its begin');
  const homes = new Set(tariff.discounts.map(({ home }) => home));
  if (homes.size < tariff.discounts.length) throw refuse(`${at}/discounts/1/home`, 'repeated');
  for (const [index, { commitment, groups }] of tariff.discounts.entries()) {
    const place = `${at}/discounts/${index}`;
    if (commitment && commitment.currency !== tariff.currency)
      throw refuse(`${place}/commitment/currency`, 'currency of the tariff');
    if (commitment && isNegative(commitment.value)) throw refuse(`${place}/commitment/value`, 'negative');
    checkGroups(groups, `${place}/groups`);
  }
}

function checkGroups(groups: readonly ServiceGroup[], at: string): void {
  const priced = new Set<string>();
  for (const [index, { homeTadigs, visitorTadigs, services }] of groups.entries()) {
    for (const [number, price] of services.entries()) {
      const place = `${at}/${index}/services/${number}`;
      checkPrice(price, place);
      for (const home of homeTadigs)
        for (const visitor of visitorTadigs) {
          const key = `${home} ${visitor} ${price.service}`;
          if (priced.has(key)) throw refuse(place, 'priced twice');
          priced.add(key);
        }
    }
  }
}

function checkPrice({ rate, balancedRate, unbalancedRate }: ServicePrice, at: string): void {
  if ((balancedRate === undefined) !== (unbalancedRate === undefined)) throw refuse(at, 'balanced pair');
  if (rate && balancedRate) throw refuse(at, 'one rate');
  for (const [name, one] of Object.entries({ rate, balancedRate, unbalancedRate }))
    if (one) checkThresholds(one.thresholds, `${at}/${name}/thresholds`);
}

function checkThresholds(thresholds: readonly Threshold[], at: string): void {
  for (const [index, threshold] of thresholds.entries()) {
    const { start } = threshold;
    const before = thresholds[index - 1];
    if (!before && !isZero(start)) throw refuse(`${at}/${index}/start`, 'first from 0');
    if (before && compare(start, before.start) <= 0) throw refuse(`${at}/${index}/start`, 'ascending');
    checkTier(threshold, `${at}/${index}`);
  }
}

function checkTier({ linearPrice, fixedPrice }: Threshold, at: string): void {
  if (linearPrice === undefined && fixedPrice === undefined) throw refuse(at, 'price');
  for (const [name, price] of Object.entries({ linearPrice, fixedPrice }))
    if (price !== undefined && isNegative(price)) throw refuse(`${at}/${name}`, 'negative');
}
