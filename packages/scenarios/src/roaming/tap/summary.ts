import { isNegative } from '../../decimal/decimal.ts';
import { CURRENCY } from '../../decimal/money.ts';
import { fail } from '../../errors.ts';
import { instantOf } from '../../module/instant.ts';
import type { JsonSchema } from '../../module/module.ts';
import { INSTANT, integer, oneOf, shape } from '../../module/shapes.ts';
import { QUANTITY } from '../quantity.ts';
import { SERVICE, UNIT, unitOf } from '../services.ts';
import { TADIG_CODE } from '../tadig.ts';

/** Charges are whole units of 10^-tapDecimalPlaces of the TAP currency, as in a TAP file. */
const CHARGE: JsonSchema = integer(0, 1_000_000_000_000_000);

const FILE = {
  sender: TADIG_CODE,
  recipient: TADIG_CODE,
  fileSequenceNumber: { type: 'string', pattern: '^[0-9]{5}$' },
  specificationVersionNumber: integer(1, 99),
  releaseVersionNumber: integer(0, 99),
  transferCutOffTimeStamp: INSTANT,
  fileAvailableTimeStamp: INSTANT,
} satisfies { [field: string]: JsonSchema };

const AUDIT = shape({ totalCharge: CHARGE, callEventDetailsCount: integer(1, 1_000_000_000_000) });

export const TAP_ROW: JsonSchema = shape({ service: SERVICE, usage: QUANTITY, unit: UNIT, charge: CHARGE });

/** Summary of a TAP file by the field names of TD.57, without its rows; the calls themselves never come here. */
export const TAP_HEAD: JsonSchema = shape({
  type: oneOf('TAPSummary'),
  ...FILE,
  localCurrency: CURRENCY,
  tapCurrency: CURRENCY,
  tapDecimalPlaces: integer(0, 6),
  exchangeRate: QUANTITY,
  auditControlInfo: AUDIT,
});

/** An empty TAP file: nothing was used, and its number is used up all the same. */
export const TAP_NOTIFICATION: JsonSchema = shape({ type: oneOf('Notification'), ...FILE });

type File = {
  readonly sender: string;
  readonly recipient: string;
  readonly fileSequenceNumber: string;
  readonly specificationVersionNumber: number;
  readonly releaseVersionNumber: number;
  readonly transferCutOffTimeStamp: string;
  readonly fileAvailableTimeStamp: string;
};

export type TapNotification = File & {
  readonly type: 'Notification';
};

export type TapRow = {
  readonly service: string;
  readonly usage: string;
  readonly unit: string;
  readonly charge: number;
};

export type TapHead = File & {
  readonly type: 'TAPSummary';
  readonly localCurrency: string;
  readonly tapCurrency: string;
  readonly tapDecimalPlaces: number;
  readonly exchangeRate: string;
  readonly auditControlInfo: { readonly totalCharge: number; readonly callEventDetailsCount: number };
};

/**
 * What no schema says of a TAP file: times in order, each unit that of its service, nothing negative, no service twice,
 * and a total charge that is the sum of its rows; an empty file has no rows.
 * @throws AppError invalid_argument, totals_differ with `/head/auditControlInfo/totalCharge`
 */
export function checkTap(head: TapHead | TapNotification, rows: readonly TapRow[]): void {
  const cutOff = instantOf(head.transferCutOffTimeStamp, '/head/transferCutOffTimeStamp');
  const available = instantOf(head.fileAvailableTimeStamp, '/head/fileAvailableTimeStamp');
  if (available < cutOff) throw refuse('/head/fileAvailableTimeStamp', 'before cut-off');
  if (head.fileSequenceNumber === '00000') throw refuse('/head/fileSequenceNumber', 'from 00001 on');
  if (head.sender === head.recipient) throw refuse('/head/recipient', 'is the sender');
  if ((head.type === 'Notification') !== (rows.length === 0)) throw refuse('/items', 'rows of the file');
  if (head.type === 'Notification') return;
  if (isNegative(head.exchangeRate)) throw refuse('/head/exchangeRate', 'negative');
  checkRows(rows);
  // Beyond what a number holds exactly.
  const sum = rows.reduce((total, { charge }) => total + BigInt(charge), 0n);
  if (sum !== BigInt(head.auditControlInfo.totalCharge))
    throw fail('totals_differ', { field: '/head/auditControlInfo/totalCharge', extra: { sum: String(sum) } });
}

function checkRows(rows: readonly TapRow[]): void {
  const services = new Set<string>();
  for (const [index, { service, unit, usage }] of rows.entries()) {
    if (services.has(service)) throw refuse(`/items/${index}/service`, 'repeated');
    if (unit !== unitOf(service)) throw refuse(`/items/${index}/unit`, 'unit of the service');
    if (isNegative(usage)) throw refuse(`/items/${index}/usage`, 'negative');
    services.add(service);
  }
}

const refuse = (field: string, rule: string) => fail('invalid_argument', { field, extra: { rule } });
