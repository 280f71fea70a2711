import { fail } from '../../errors.ts';
import type { DeviceFacts } from '../modules/device-item.ts';
import { readCsv, writeCsv } from './csv-table.ts';
import { checkFacts } from './device-facts.ts';

const TEXTS = ['vendor', 'serial', 'type', 'batch', 'model', 'level', 'province', 'city', 'site'] as const;
const COLUMNS = [...TEXTS, 'latitude', 'longitude', 'group', 'tagKey', 'did'] as const;

/** Devices as a table: a line each, columns by the names of their facts; empty where there is no place, tag key or DID. */
export const writeDevicesCsv = (devices: readonly DeviceFacts[]): string =>
  writeCsv([
    COLUMNS,
    ...devices.map((facts) => [
      ...TEXTS.map((name) => facts[name]),
      facts.place?.latitude ?? '',
      facts.place?.longitude ?? '',
      facts.group,
      facts.tagKey ?? '',
      facts.did ?? '',
    ]),
  ]);

/**
 * What `writeDevicesCsv` writes: all columns, in whatever order, and no other.
 * @throws AppError invalid_argument with a pointer: number of the device from 0, and the column
 */
export function readDevicesCsv(text: string): readonly DeviceFacts[] {
  const [head = [], ...rows] = readCsv(text);
  const unknown = head.find((name) => !COLUMNS.some((column) => column === name));
  if (unknown !== undefined) throw fail('invalid_argument', { field: `/${unknown}` });
  if (new Set(head).size !== head.length || head.length !== COLUMNS.length)
    throw fail('invalid_argument', { field: '/', extra: { columns: COLUMNS.join() } });
  return rows.map((row, i) => {
    if (row.length !== head.length) throw fail('invalid_argument', { field: `/${i}` });
    const of = Object.fromEntries(head.map((name, column) => [name, row[column] ?? '']));
    const { latitude = '', longitude = '', tagKey, did, ...rest } = of;
    const place = latitude === '' && longitude === '' ? null : { latitude, longitude };
    return checkFacts({ ...rest, place, tagKey: tagKey || null, did: did || null }, `/${i}`);
  });
}
