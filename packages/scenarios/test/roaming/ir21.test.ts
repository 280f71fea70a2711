import { describe, expect, it } from 'vitest';
import { instantOf } from '../../src/module/instant.ts';
import { changesOf, configurationAt } from '../../src/roaming/ir21/configuration.ts';
import { checkCopy, digestOfSheet } from '../../src/roaming/ir21/copy.ts';
import { diffIr21 } from '../../src/roaming/ir21/diff-ir21.ts';
import { readIr21 } from '../../src/roaming/ir21/read-ir21.ts';
import { sheetXml } from './ir21-xml.ts';

const refusal = (rule: string) => expect.objectContaining({ kind: 'bad-input', extra: { rule } });

const at = (text: string): number => instantOf(text, '/');
const NEW_RANGE = '203.0.113.0/25';

describe('readIr21', () => {
  const sheet = readIr21(sheetXml({ shape: 'summary' }));

  it('[R1] gives both shapes in use the same normal form', () => {
    expect(readIr21(sheetXml({ shape: 'networks' }))).toEqual(sheet);
    expect(sheet).toMatchObject({ sender: 'JPNXX', organisation: 'Example Mobile', country: 'JPN' });
    const [network] = sheet.networks;
    expect(network).toMatchObject({ tadig: 'JPNXX', mcc: '440', mnc: '99', roles: ['HPMN', 'VPMN'] });
    expect(Object.keys(network?.sections ?? {}).sort()).toEqual(['dataRouting', 'routing']);
    expect(network?.sections.dataRouting).toEqual({
      effective: '2026-12-15',
      content: { providers: [], addresses: ['203.0.113.0/24'], asns: ['64500'], other: [] },
    });
    expect(network?.sections.routing?.content.msisdn).toEqual([
      { cc: '81', ndc: '90', from: '00000000', to: '09999999' },
    ]);
  });

  it.each([
    ['xml-doctype', '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'],
    ['xml-processing-instruction', '<?run it?>'],
  ])('[R1] refuses an entity bomb and whatever else is no element: %s', (rule, inserted) => {
    const text = sheetXml({ shape: 'summary' }).replace('?>\n', `?>\n${inserted}`);
    expect(() => readIr21(text)).toThrow(refusal(rule));
  });

  it.each([
    ['xml-root', 'TADIGRAEXIR21', 'TADIGRAEXIR85'],
    ['xml-namespace', 'TADIG-RAEX-IR21"', 'TADIG-RAEX-IR85"'],
    ['xml-well-formed', '</NetworkList>', ''],
    ['xml-well-formed', 'Example Mobile</Org', '&unknown;</Org'],
    ['xml-mixed-content', '<NetworkData>', '<NetworkData>text'],
    ['tadig', '<SenderTADIG>JPNXX', '<SenderTADIG>JPNXXX'],
    ['tadig', '<SenderTADIG>JPNXX', '<SenderTADIG>jpnxx'],
    ['contradicts-summary', '<MCC>440</MCC><MNC>99</MNC></CCITT', '<MCC>440</MCC><MNC>98</MNC></CCITT'],
    ['range', '09999999</SN', '0999999</SN'],
    ['range', '<SN_RangeStart>00000000', '<SN_RangeStart>19999999'],
    ['address', '203.0.113.0/24', '203.0.113.0/33'],
    ['address', '203.0.113.0/24', '203.0.113.256'],
    ['asn', '64500', '4294967296'],
    ['country', '>JPN<', '>Japan<'],
    ['required', '<NetworkName>Example Mobile</NetworkName>', ''],
  ])('[R1] refuses with rule %s: %s → %s', (rule, from, to) => {
    const text = sheetXml({ shape: 'summary' });
    expect(text).toContain(from);
    expect(() => readIr21(text.replaceAll(from, to))).toThrow(refusal(rule));
  });

  it('refuses a date of change that there is not, and two of them in one section', () => {
    expect(() => readIr21(sheetXml({ shape: 'summary', effective: '2026-02-30' }))).toThrow(
      expect.objectContaining({ kind: 'bad-input' }),
    );
    const twice = sheetXml({ shape: 'summary' }).replace(
      '<GRXIPXRoutingForDataRoaming>',
      '<EffectiveDateOfChange>2027-01-01</EffectiveDateOfChange><GRXIPXRoutingForDataRoaming>',
    );
    expect(() => readIr21(twice)).toThrow(refusal('effective-date'));
  });

  it('bounds names and lines', () => {
    const named = (name: string) => () => readIr21(sheetXml({ shape: 'summary', beside: `<${name}/>` }));
    expect(named('a'.repeat(128))).not.toThrow();
    expect(named('a'.repeat(129))).toThrow(refusal('xml-name'));
    const many = `<Section>${'<a/>'.repeat(20_001)}</Section>`;
    expect(() => readIr21(sheetXml({ shape: 'summary', beside: many }))).toThrow(refusal('lines'));
  });

  it('another order of the same elements is the same sheet', () => {
    const item = (name: string) => `<Item><Name>${name}</Name><Port>1</Port></Item>`;
    const section = (...names: string[]) => `<List>${names.map(item).join('')}</List>`;
    const read = (beside: string) => readIr21(sheetXml({ shape: 'summary', beside }));
    expect(read(section('a', 'b'))).toEqual(read(section('b', 'a')));
    expect(read(section('a', 'b'))).not.toEqual(read(section('a', 'c')));
  });

  it('bounds depth', () => {
    const deep = `${'<a>'.repeat(40)}${'</a>'.repeat(40)}`;
    expect(() => readIr21(sheetXml({ shape: 'summary', beside: deep }))).toThrow(refusal('xml-depth'));
  });

  it('keeps sections it has no fields for, so that a change of them is seen', () => {
    const camel = (version: string) =>
      readIr21(
        sheetXml({
          shape: 'summary',
          beside: `<LTEInfoSection><LTEInfo><IPXInterconnection>${version}</IPXInterconnection></LTEInfo></LTEInfoSection>`,
        }),
      );
    expect(diffIr21(camel('a'), camel('a'))).toEqual([]);
    expect(diffIr21(camel('a'), camel('b'))).toMatchObject([
      { section: 'LTEInfoSection', change: 'changed' },
    ]);
  });

  it('takes elements in the namespace of the root too, and a fraction of a second', () => {
    const text = sheetXml({ shape: 'summary', created: '2026-11-01T08:00:00.125+09:00' })
      .replaceAll('tadig-raex-21:', '')
      .replace('xmlns:tadig-raex-21', 'xmlns');
    expect(readIr21(text)).toEqual(sheet);
  });
});

describe('changes of a sheet', () => {
  const first = readIr21(sheetXml({ shape: 'summary', effective: '2026-10-01' }));
  const second = readIr21(sheetXml({ shape: 'networks', range: NEW_RANGE }));
  const versions = [
    { sheet: first, from: at('2026-11-01T00:00:00Z') },
    { sheet: second, from: at('2026-11-20T00:00:00Z') },
  ];

  it('[R2] a new IP range is a change of one section, with its date', () => {
    expect(diffIr21(first, second)).toEqual([
      {
        network: 'JPNXX',
        section: 'dataRouting',
        change: 'changed',
        effective: '2026-12-15',
        fields: ['addresses'],
      },
    ]);
  });

  it('[R2] the network elements get it at 00:00 of that day in the zone of the sender, not before', () => {
    const before = configurationAt(versions, at('2026-12-14T23:59:59+09:00'));
    const after = configurationAt(versions, at('2026-12-15T00:00:00+09:00'));
    const addresses = ({ networks }: typeof before) => networks[0]?.sections.dataRouting?.content;
    expect(addresses(before)).toMatchObject({ addresses: ['203.0.113.0/24'] });
    expect(addresses(after)).toMatchObject({ addresses: [NEW_RANGE] });
    expect(before.pending).toEqual([
      { version: 1, network: 'JPNXX', section: 'dataRouting', at: at('2026-12-15T00:00:00+09:00') },
    ]);
    expect(after.pending).toEqual([]);
    expect(after.done).toHaveLength(3);
  });

  it('a newer sheet withdraws what an older one announced for later', () => {
    const back = { sheet: first, from: at('2026-12-01T00:00:00Z') };
    const { networks, pending } = configurationAt([...versions, back], at('2027-01-01T00:00:00Z'));
    expect(networks[0]?.sections.dataRouting?.content).toMatchObject({ addresses: ['203.0.113.0/24'] });
    expect(pending).toEqual([]);
  });

  it('a newer sheet puts off what an older one announced, as long as it has not come', () => {
    const later = readIr21(sheetXml({ shape: 'summary', range: NEW_RANGE, effective: '2027-02-01' }));
    const moved = changesOf([...versions, { sheet: later, from: at('2026-12-01T00:00:00Z') }]);
    expect(moved.at(-1)).toMatchObject({ section: 'dataRouting', at: at('2027-02-01T00:00:00+09:00') });
    expect(diffIr21(second, later)).toMatchObject([{ change: 'rescheduled', effective: '2027-02-01' }]);
    const done = changesOf([...versions, { sheet: later, from: at('2026-12-20T00:00:00Z') }]);
    expect(done.at(-1)).toMatchObject({ at: at('2026-12-15T00:00:00+09:00') });
  });
});

describe('copies of a sheet', () => {
  it('[R3] two operators have the same digest; a changed character is a copy that differs', () => {
    const [here, there] = [sheetXml({ shape: 'summary' }), sheetXml({ shape: 'networks' })].map(readIr21);
    if (!here || !there) throw new Error('no sheet');
    expect(digestOfSheet(there)).toBe(digestOfSheet(here));
    expect(() => checkCopy(there, digestOfSheet(here))).not.toThrow();
    expect(() => checkCopy({ ...there, organisation: 'Example Mobil3' }, digestOfSheet(here))).toThrow(
      expect.objectContaining({ code: 'copy_differs', kind: 'proof-failed' }),
    );
  });
});
