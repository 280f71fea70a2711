import { type DeviceRecord, toEpcis, toTmf639, writeDevicesCsv } from '@attestel/scenarios';
import type { Run } from '../command.ts';
import { type ContractCaller, contractCaller } from '../contract/contract-call.ts';
import { fail } from '../errors.ts';
import { instantText, requiredText } from '../option-values.ts';

const ITEM = 'device.item@1';
const PAGE = 200;

/** All devices that the party sees, in a shape of others. */
export const run: Run = async ({ values }) => {
  const format = requiredText(values, 'format');
  const write = Object.hasOwn(FORMATS, format) ? FORMATS[format as keyof typeof FORMATS] : undefined;
  if (!write) throw fail('option_invalid', { field: `--format (${Object.keys(FORMATS).join(', ')})` });
  const text = write(await allDevices(await contractCaller(values)));
  return { data: { format, text }, text };
};

const FORMATS = {
  csv: (devices: readonly DeviceRecord[]) =>
    writeDevicesCsv(devices.map(({ state }) => state.facts)).trimEnd(),
  tmf639: (devices: readonly DeviceRecord[]) => JSON.stringify(devices.map(toTmf639), null, 2),
  epcis: (devices: readonly DeviceRecord[]) =>
    JSON.stringify(toEpcis(devices, instantText(Math.floor(Date.now() / 1000))), null, 2),
};

interface Page {
  readonly rows: readonly { readonly id: string }[];
  readonly next: object | null;
}

async function allDevices({ call }: ContractCaller): Promise<readonly DeviceRecord[]> {
  const devices: DeviceRecord[] = [];
  for (let after: object | null | undefined; after !== null; ) {
    const query = new URLSearchParams({ limit: String(PAGE) });
    if (after) query.append('after', JSON.stringify(after));
    const { result } = (await call(ITEM, ['queries', 'objects'], { query })) as { readonly result: Page };
    for (const { id } of result.rows) devices.push((await call(ITEM, [id])) as DeviceRecord);
    after = result.next;
  }
  return devices;
}
