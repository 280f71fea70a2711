import { type Decimal, isNegative, sum } from '../../decimal/decimal.ts';
import { CURRENCY } from '../../decimal/money.ts';
import type { JsonSchema } from '../../module/module.ts';
import { shape } from '../../module/shapes.ts';
import { PERIOD } from '../period.ts';
import { QUANTITY } from '../quantity.ts';
import { SERVICE, UNIT, unitOf } from '../services.ts';
import { TADIG_CODE } from '../tadig.ts';
import { refuse } from '../xml/element.ts';

/** What customers of a home network used of one service in a visited network in one month: BCE's UDR, summed. */
export type UsageRow = {
  readonly period: string;
  readonly homeTadig: string;
  readonly visitorTadig: string;
  readonly service: string;
  readonly usage: string;
  readonly unit: string;
  readonly currency: string;
};

export const USAGE_ROW: JsonSchema = shape({
  period: PERIOD,
  homeTadig: TADIG_CODE,
  visitorTadig: TADIG_CODE,
  service: SERVICE,
  usage: QUANTITY,
  unit: UNIT,
  currency: CURRENCY,
});

/** @throws AppError invalid_argument */
export function checkUsageRow({ homeTadig, visitorTadig, service, unit, usage }: UsageRow, at: string): void {
  if (homeTadig === visitorTadig) throw refuse(`${at}/visitorTadig`, 'is the home network');
  if (isNegative(usage)) throw refuse(`${at}/usage`, 'negative');
  if (unit !== unitOf(service)) throw refuse(`${at}/unit`, 'unit of the service');
}

/** Usage by `keyOf`, in the order in which keys first appear; rows of the same key add up. */
export function sumUsage<K extends string>(
  rows: Iterable<UsageRow>,
  keyOf: (row: UsageRow) => K | undefined,
): ReadonlyMap<K, Decimal> {
  const values = new Map<K, Decimal[]>();
  for (const row of rows) {
    const key = keyOf(row);
    if (key === undefined) continue;
    const known = values.get(key);
    if (known) known.push(row.usage);
    else values.set(key, [row.usage]);
  }
  return new Map([...values].map(([key, found]) => [key, sum(found)]));
}
