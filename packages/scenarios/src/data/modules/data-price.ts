import { compare, FACTOR, multiply } from '../../decimal/decimal.ts';
import { CURRENCY, type Money, parseMoney } from '../../decimal/money.ts';
import { fail } from '../../errors.ts';
import { agreement } from '../../kinds/agreement.ts';
import type { JsonObject } from '../../module/module.ts';
import { integer, list, said, shape, text } from '../../module/shapes.ts';

export interface PriceRow extends JsonObject {
  readonly grade: number;
  readonly category: string;
  readonly perUnit: string;
}

export interface PriceTable extends JsonObject {
  readonly currency: string;
  readonly rows: readonly PriceRow[];
}

/** Two of the alliance suffice; at least three take part. */
const QUORUM = 2;

/** Prices by grade and category, agreed by the alliance; a deal takes no other [DA-3]. */
export const dataPrice = agreement<PriceTable>({
  name: 'data.price',
  version: '1',
  execution: ['private', 'shared'],
  summary: { 'zh-CN': '联盟价目表', en: 'Price table of the alliance' },
  quorum: QUORUM,
  size: { min: 3, max: 16 },
  terms: shape({
    currency: said(CURRENCY, { 'zh-CN': '币种', en: 'Currency' }),
    rows: said(list(shape({ grade: integer(1, 4), category: text(64), perUnit: FACTOR }), 500, 1), {
      'zh-CN': '单价',
      en: 'Price of one unit',
    }),
  }),
  check: ({ terms }) => {
    const seen = new Set<string>();
    terms.rows.forEach(({ grade, category }, i) => {
      if (seen.has(`${grade}|${category}`)) throw fail('already_exists', { field: `/terms/rows/${i}` });
      seen.add(`${grade}|${category}`);
    });
  },
});

export interface Wanted {
  readonly grade: number;
  readonly category: string;
  readonly volume: string;
}

/** What the table says that a volume costs. @throws AppError not_found where it has no such row */
export function priceOf({ currency, rows }: PriceTable, { grade, category, volume }: Wanted): Money {
  const row = rows.find((one) => one.grade === grade && one.category === category);
  if (!row) throw fail('not_found', { field: '/terms/price' });
  return { amount: multiply(row.perUnit, volume), currency };
}

export const isSamePrice = (a: Money, b: Money): boolean =>
  a.currency === b.currency && compare(parseMoney(a).amount, parseMoney(b).amount) === 0;
