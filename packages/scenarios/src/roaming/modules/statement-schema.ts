import { DECIMAL } from '../../decimal/decimal.ts';
import { CURRENCY } from '../../decimal/money.ts';
import type { JsonSchema } from '../../module/module.ts';
import { DID, integer, list, nullable, OBJECT_ID, shape } from '../../module/shapes.ts';
import { PERIOD } from '../period.ts';
import { QUANTITY } from '../quantity.ts';
import { SERVICE } from '../services.ts';
import type { StatementResult } from '../settlement/statement.ts';

export type StatementTerms = {
  /** Tariff, and the version of it that is in force in all the months. */
  readonly tariff: { readonly id: string; readonly version: number };
  /** Records of usage, of either party or both. */
  readonly usage: readonly string[];
  readonly periods: { readonly from: string; readonly to: string };
  /** Whether the months are the whole term of the tariff: then a commitment counts. */
  readonly closing: boolean;
  readonly credits: readonly string[];
  readonly result: StatementResult;
};

const DEBT = shape({ payer: DID, payee: DID, amount: DECIMAL, currency: CURRENCY });

const LINE = shape({
  group: integer(0, 31),
  service: SERVICE,
  usage: DECIMAL,
  value: nullable(DECIMAL),
  amount: DECIMAL,
  includedInCommitment: { type: 'boolean' },
  allotment: DECIMAL,
});

const UNPRICED = list(shape({ service: SERVICE, usage: DECIMAL }), 64);

const DIRECTION = shape({
  home: DID,
  lines: list(LINE, 2048),
  unpriced: UNPRICED,
  total: DECIMAL,
  commitment: nullable(QUANTITY),
  shortfall: DECIMAL,
  due: DECIMAL,
});

export const STATEMENT: JsonSchema = shape({
  tariff: shape({ id: OBJECT_ID, version: integer(1, 1_000_000) }),
  usage: { ...list(OBJECT_ID, 2), uniqueItems: true },
  periods: shape({ from: PERIOD, to: PERIOD }),
  closing: { type: 'boolean' },
  credits: { ...list(OBJECT_ID, 12), uniqueItems: true },
  result: shape({
    currency: CURRENCY,
    directions: list(DIRECTION, 2, 1),
    unmatched: UNPRICED,
    credits: list(DEBT, 12),
    net: nullable(DEBT),
  }),
});
