import { z } from 'zod';
import type { Repaired } from '../../kinds/record-repairs.ts';
import { periodOf, periodOfDayNumber } from '../period.ts';
import type { UsageRow } from '../settlement/usage-row.ts';
import { tadigOf } from '../tadig.ts';
import { type ImportNote, NUMBER, parseShape, serviceOf } from './parse-shape.ts';

const ROW = z.strictObject({
  yearMonth: z.string(),
  homeTadig: z.string(),
  visitorTadig: z.string(),
  service: z.string().min(1).max(64),
  usage: NUMBER,
  units: z.string(),
  currency: z.string(),
  charges: NUMBER.optional(),
  taxes: NUMBER.optional(),
});
const ROWS = z.array(ROW).max(1_000_000);
const USAGE = z.strictObject({ metadata: z.unknown().optional(), inbound: ROWS, outbound: ROWS });

/** Repairs that whoever imports may ask for; nothing is repaired unasked. */
export type Repair = 'excel-dates';

export interface BwrpUsage {
  /** Partners' customers in our networks. */
  readonly inbound: readonly UsageRow[];
  /** Our customers in partners' networks. */
  readonly outbound: readonly UsageRow[];
  /** Each value that was repaired, with what it was. */
  readonly repairs: readonly ImportNote[];
}

/**
 * Reads usage of the pilot "Blockchain for Wholesale Roaming". Digits are taken as they stand in the file. A month must be
 * `yyyymm`; where `excel-dates` was asked for, a spreadsheet's number of the first day of a month is taken for it, and
 * each such repair is told.
 * @throws AppError invalid_argument with a pointer into the file
 */
export function readBwrpUsage(text: string, repairs: readonly Repair[] = []): BwrpUsage {
  const { inbound, outbound } = parseShape(USAGE, text);
  const notes: ImportNote[] = [];
  const rowsOf = (direction: string, rows: z.infer<typeof ROWS>): UsageRow[] =>
    rows.map((row, index) => {
      const at = `/${direction}/${index}`;
      return {
        period: repairedPeriod(row.yearMonth, `${at}/yearMonth`, { repairs, notes }),
        homeTadig: tadigOf(row.homeTadig, `${at}/homeTadig`),
        visitorTadig: tadigOf(row.visitorTadig, `${at}/visitorTadig`),
        service: serviceOf(row.service),
        usage: row.usage,
        unit: row.units,
        currency: row.currency,
      };
    });
  return { inbound: rowsOf('inbound', inbound), outbound: rowsOf('outbound', outbound), repairs: notes };
}

function repairedPeriod(
  text: string,
  field: string,
  { repairs, notes }: { readonly repairs: readonly Repair[]; readonly notes: ImportNote[] },
): string {
  const repaired = repairs.includes('excel-dates') ? periodOfDayNumber(text) : undefined;
  if (repaired === undefined) return periodOf(text, field);
  notes.push({ field, rule: 'excel-dates', value: text });
  return repaired;
}

/** Repairs as `roaming.usage submit` takes them; its items are those of `inbound`, then those of `outbound`. */
export function repairsForSubmit({ inbound, repairs }: BwrpUsage): readonly Repaired[] {
  const found = new Map<string, { readonly rule: string; readonly was: string; readonly items: number[] }>();
  for (const { field, rule, value = '' } of repairs) {
    const [, direction, index] = field.split('/');
    const item = Number(index) + (direction === 'outbound' ? inbound.length : 0);
    const repair = found.get(`${rule} ${value}`) ?? { rule, was: value, items: [] as number[] };
    repair.items.push(item);
    found.set(`${rule} ${value}`, repair);
  }
  return [...found.values()].map(({ items, ...repair }) => ({ ...repair, field: 'period', items }));
}
