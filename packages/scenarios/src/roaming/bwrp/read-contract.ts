import { z } from 'zod';
import { fail } from '../../errors.ts';
import { periodOf } from '../period.ts';
import {
  checkTariff,
  type Discount,
  type Rate,
  type ServicePrice,
  type Tariff,
} from '../settlement/tariff.ts';
import { NUMBER, parseShape, serviceOf } from './parse-shape.ts';

const PRICE = { linearPrice: NUMBER.optional(), fixedPrice: NUMBER.optional() };
const RATE = z.strictObject({
  ...PRICE,
  thresholds: z.array(z.strictObject({ start: NUMBER, ...PRICE })).optional(),
});
/** `Threshold - back to first` is not among them: it prices all usage by the tier reached, which no tariff here does. */
const PLAN = z.strictObject({
  kind: z
    .enum(['Flat rate', 'Linear rate', 'Tiered with Thresholds', 'Balanced/Unbalanced (Linear rate)'])
    .optional(),
  rate: RATE.optional(),
  balancedRate: RATE.optional(),
  unbalancedRate: RATE.optional(),
});
const PRICING = z.strictObject({ unit: z.string().optional(), ratingPlan: PLAN });
const SERVICE = z.strictObject({
  service: z.string().min(1).max(64),
  includedInCommitment: z.boolean().default(false),
  usagePricing: PRICING.optional(),
  accessPricing: PRICING.optional(),
});
const COMMITMENT = z.strictObject({
  value: NUMBER,
  currency: z.string(),
  // No row has taxes, so none can count towards a commitment.
  includingTaxes: z.literal(false).optional(),
});
const CONDITION = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('Unconditional') }),
  z.strictObject({ kind: z.literal('Deal Revenue Commitment'), commitment: COMMITMENT }),
]);
const DISCOUNT = z.strictObject({
  condition: CONDITION,
  serviceGroups: z.array(
    z.strictObject({
      homeTadigs: z.array(z.string()).min(1),
      visitorTadigs: z.array(z.string()).min(1),
      services: z.array(SERVICE).min(1),
    }),
  ),
});
/** What says nothing of prices, such as names of signers, is not read. */
const CONTRACT = z.object({
  framework: z.object({
    term: z.object({ start: z.iso.datetime(), end: z.iso.datetime() }),
    partyInformation: z.record(
      z.string(),
      z.object({ contractCurrency: z.string(), defaultTadigCodes: z.array(z.string()) }),
    ),
  }),
  discounts: z.record(z.string(), DISCOUNT),
});

/**
 * Reads a contract of the pilot "Blockchain for Wholesale Roaming" (`gsma-bwr-roaming-v1`) as a tariff whose parties are
 * named as there. Amounts are rounded to cents, half to even: the pilot does not round at all.
 * @throws AppError invalid_argument with a pointer into the file, currency_mismatch
 */
export function readBwrpContract(text: string): Tariff {
  const { framework, discounts } = parseShape(CONTRACT, text);
  const [currency = '', other] = new Set(
    Object.values(framework.partyInformation).map(({ contractCurrency }) => contractCurrency),
  );
  if (other !== undefined) throw fail('currency_mismatch', { field: '/framework/partyInformation' });
  const tariff: Tariff = {
    currency,
    term: {
      from: monthOf(framework.term.start, '/framework/term/start'),
      to: monthOf(framework.term.end, '/framework/term/end'),
    },
    rounding: { rule: 'half-even', decimals: 2 },
    discounts: Object.entries(discounts).map(([name, discount]) =>
      discountOf(homeOf(framework.partyInformation, discount, `/discounts/${name}`), discount),
    ),
  };
  checkTariff(tariff, '');
  return tariff;
}

const monthOf = (time: string, field: string): string => periodOf(time.slice(0, 4) + time.slice(5, 7), field);

type Framework = z.infer<typeof CONTRACT>['framework'];

// The name of a discount is the home party in some files and the visited one in others: codes alone tell.
function homeOf(
  parties: Framework['partyInformation'],
  { serviceGroups }: z.infer<typeof DISCOUNT>,
  field: string,
): string {
  const homes = new Set(serviceGroups.flatMap(({ homeTadigs }) => homeTadigs));
  const [home, other] = Object.entries(parties)
    .filter(([, { defaultTadigCodes }]) => defaultTadigCodes.some((code) => homes.has(code)))
    .map(([name]) => name);
  if (home === undefined || other !== undefined)
    throw fail('invalid_argument', { field, extra: { rule: 'home party' } });
  return home;
}

function discountOf(home: string, { condition, serviceGroups }: z.infer<typeof DISCOUNT>): Discount {
  const { value, currency } = condition.kind === 'Unconditional' ? {} : condition.commitment;
  return {
    home,
    ...(value !== undefined && currency !== undefined && { commitment: { value, currency } }),
    groups: serviceGroups.map(({ homeTadigs, visitorTadigs, services }) => ({
      homeTadigs,
      visitorTadigs,
      services: services.map(priceOf),
    })),
  };
}

function priceOf(service: z.infer<typeof SERVICE>): ServicePrice {
  const { rate, balancedRate, unbalancedRate } =
    (service.usagePricing ?? service.accessPricing)?.ratingPlan ?? {};
  return {
    service: serviceOf(service.service),
    includedInCommitment: service.includedInCommitment,
    ...(rate && { rate: rateOf(rate) }),
    ...(balancedRate && { balancedRate: rateOf(balancedRate) }),
    ...(unbalancedRate && { unbalancedRate: rateOf(unbalancedRate) }),
  };
}

const rateOf = ({ thresholds, ...flat }: z.infer<typeof RATE>): Rate => ({
  thresholds: (thresholds ?? [{ start: '0', ...flat }]).map(({ start, linearPrice, fixedPrice }) => ({
    start,
    ...(linearPrice !== undefined && { linearPrice }),
    ...(fixedPrice !== undefined && { fixedPrice }),
  })),
});
