import type { JsonValue } from '@attestel/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readDevicesCsv, writeDevicesCsv } from '../../../src/device/formats/csv.ts';
import { readCsv, writeCsv } from '../../../src/device/formats/csv-table.ts';
import type { DeviceRecord } from '../../../src/device/formats/device-facts.ts';
import { EPCIS_CONTEXT, fromEpcis, toEpcis } from '../../../src/device/formats/epcis.ts';
import { fromTmf639, toTmf639 } from '../../../src/device/formats/tmf639.ts';
import type { DeviceFacts } from '../../../src/device/modules/device-item.ts';
import type { AssetState } from '../../../src/kinds/asset.ts';
import { refusalOf } from '../../harness/refusal-of.ts';

const FACTS: DeviceFacts = {
  ...{ vendor: 'V1', serial: 'S-1, "new"', type: 'BS', batch: 'B1', model: 'M1', level: 'device' },
  ...{ province: 'GD', city: 'GD-A', site: 'GD-001', group: 'did:mno:demo:group' },
  ...{ place: { latitude: '23.129000', longitude: '-113.264' }, tagKey: null, did: null },
};
const ID = 'ab'.repeat(16);
const PARENT = 'cd'.repeat(16);
const T0 = 1_790_000_000;

const steps = ['procured', 'received', 'mounted', 'inService', 'repair', 'dismounted', 'retired'].map(
  (status, i) => ({ status, custodian: 'did:mno:demo:gd', time: T0 + 100 * i, reason: null }),
);
const DEVICE: DeviceRecord = {
  id: ID,
  state: {
    ...{ status: 'retired', parties: [], begun: T0, changed: T0 + 600, erased: 0, facts: FACTS },
    ...{ custodian: 'did:mno:demo:gd', receiver: null, told: [], steps },
    stays: [
      { parent: PARENT, slot: 'board 1/2', from: T0 + 250, until: T0 + 350, reason: null, removal: null },
    ],
  } as AssetState<DeviceFacts>,
};

describe('CSV', () => {
  it('gives back any table, whatever its fields hold', () => {
    const table = fc.array(fc.array(fc.string({ unit: 'binary' }), { minLength: 2, maxLength: 5 }));
    fc.assert(
      fc.property(table, (rows) => {
        expect(readCsv(writeCsv(rows))).toEqual(rows);
      }),
    );
  });

  it('takes lines that end in LF, and a last one without an end', () => {
    expect(readCsv('a,b\n1,\n"2\n",3')).toEqual([
      ['a', 'b'],
      ['1', ''],
      ['2\n', '3'],
    ]);
  });

  it.each(['a"b,c', '"a', '"a"b,c', 'a\rb'])('refuses %j', (text) => {
    expect(refusalOf(() => readCsv(text))).toMatch(/^invalid_argument/);
  });

  it('gives back devices', () => {
    const bare = { ...FACTS, serial: '2', place: null, did: 'did:mno:demo:device' };
    expect(readDevicesCsv(writeDevicesCsv([FACTS, bare]))).toEqual([FACTS, bare]);
  });

  it.each<[string, (csv: string) => string, string]>([
    ['a column that nobody knows', (csv) => csv.replace('vendor,', 'colour,'), 'invalid_argument /colour'],
    ['a column twice', (csv) => csv.replace('serial,', 'vendor,'), 'invalid_argument /'],
    ['a row that is too short', (csv) => csv.replace('V1,', ''), 'invalid_argument /0'],
    ['a level there is not', (csv) => csv.replace(',device,', ',rack,'), 'invalid_argument /0/facts/level'],
  ])('refuses %s', (_, change, refusal) => {
    expect(refusalOf(() => readDevicesCsv(change(writeDevicesCsv([FACTS]))))).toBe(refusal);
  });
});

describe('TMF639', () => {
  it('gives back what was registered, and says how it is by the states of TMF639', () => {
    const resource = toTmf639(DEVICE);
    expect(fromTmf639(resource)).toEqual(FACTS);
    expect(resource).toMatchObject({
      ...{ '@type': 'PhysicalResource', serialNumber: FACTS.serial, resourceStatus: 'suspended' },
      ...{ administrativeState: 'shutdown', operationalState: 'disable', usageState: 'idle' },
      startOperatingDate: '2026-09-21T14:18:20Z',
    });
  });

  it.each([
    [{ colour: 'red' }, 'invalid_argument /colour'],
    [{ '@type': 'LogicalResource' }, 'invalid_argument /@type'],
    [{ category: 'board' }, 'invalid_argument /resourceCharacteristic'],
    [
      { resourceCharacteristic: [{ name: 'colour', value: 'red', valueType: 'string' }] },
      'invalid_argument /resourceCharacteristic',
    ],
    [{ relatedParty: [] }, 'invalid_argument /facts/group'],
  ])('refuses %j', (change, refusal) => {
    expect(refusalOf(() => fromTmf639({ ...toTmf639(DEVICE), ...change } as JsonValue))).toBe(refusal);
  });
});

describe('EPCIS 2.0', () => {
  const document = toEpcis([DEVICE], '2026-11-22T08:00:00Z');
  type Event = { readonly [name: string]: unknown };
  const { eventList } = document.epcisBody as unknown as { eventList: readonly Event[] };

  it('has what the standard requires of a document and its events', () => {
    expect(document).toMatchObject({
      '@context': EPCIS_CONTEXT,
      type: 'EPCISDocument',
      schemaVersion: '2.0',
    });
    expect(document.creationDate).toMatch(/^\d{4}-\d\d-\d\dT/);
    expect(eventList).toHaveLength(9);
    for (const event of eventList) {
      expect(event.eventTime).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
      expect(event.eventTimeZoneOffset).toMatch(/^[+-](?:(?:0\d|1[0-3]):[0-5]\d|14:00)$/);
      expect(['ADD', 'OBSERVE', 'DELETE']).toContain(event.action);
      const things = event.type === 'ObjectEvent' ? event.epcList : [event.parentID, event.childEPCs].flat();
      for (const uri of things as readonly string[]) expect(URL.canParse(uri)).toBe(true);
    }
  });

  it('is in the order of time', () => {
    const times = eventList.map(({ eventTime }) => String(eventTime));
    expect(times).toEqual([...times].sort());
  });

  it('is read back move by move', () => {
    const moves = fromEpcis(document);
    expect(moves.filter((move) => 'status' in move)).toEqual(
      steps.map(({ status, time }) => ({ id: ID, status, time })),
    );
    expect(moves.filter((move) => 'parent' in move)).toEqual([
      { id: ID, parent: PARENT, slot: 'board 1/2', into: true, time: T0 + 250 },
      { id: ID, parent: PARENT, slot: 'board 1/2', into: false, time: T0 + 350 },
    ]);
  });

  const withEvent = (change: object): JsonValue =>
    ({ ...document, epcisBody: { eventList: [{ ...eventList[0], ...change }] } }) as JsonValue;
  it.each<[string, JsonValue, string]>([
    ['another version', { ...document, schemaVersion: '1.2' }, 'invalid_argument /schemaVersion'],
    ['a member too many', withEvent({ colour: 'red' }), 'invalid_argument /epcisBody/eventList/0/colour'],
    [
      'words that are none of ours',
      withEvent({ bizStep: 'shipping' }),
      'invalid_argument /epcisBody/eventList/0/bizStep',
    ],
    [
      'things of others',
      withEvent({ epcList: ['urn:epc:id:sgtin:1.2.3'] }),
      'invalid_argument /epcisBody/eventList/0/epcList/0',
    ],
  ])('refuses %s', (_, changed, refusal) => {
    expect(refusalOf(() => fromEpcis(changed))).toBe(refusal);
  });
});
