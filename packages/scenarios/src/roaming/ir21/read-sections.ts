import { isIP } from 'node:net';
import { instantOf } from '../../module/instant.ts';
import { type Cursor, refuse } from '../xml/element.ts';
import type { XmlElement } from '../xml/read-xml.ts';
import type { Ir21Content, Ir21Section, NumberRange } from './normal-form.ts';

type Known = Omit<Ir21Content, 'other'>;

/** Sections that have fields of their own: name here, element, the element inside, and what to take of it. */
const KNOWN: readonly (readonly [string, string, string, (info: Cursor) => Known])[] = [
  ['routing', 'RoutingInfoSection', 'RoutingInfo', readRouting],
  ['dataRouting', 'GRXIPXRoutingForDataRoamingSection', 'GRXIPXRoutingForDataRoaming', readDataRouting],
  ['packetData', 'PacketDataServiceInfoSection', 'PacketDataServiceInfo', readPacketData],
];

/** Elements of a network that are no section. */
const CORE = new Set(['TADIGCode', 'NetworkName', 'NetworkType', 'NetworkData']);

const INTERWORKING = 'IPRoaming_IW_InfoSection';

/**
 * Sections of a network by name. A section that says it does not apply is none; what stands beside the sections is
 * `general`.
 * @throws AppError invalid_argument
 */
export function readSections(network: Cursor): { readonly [name: string]: Ir21Section } {
  const data = network.one('NetworkData');
  const sections = new Map<string, Ir21Section>();
  for (const [name, element, inside, read] of KNOWN) {
    const section = data.optional(element);
    if (!section || isNotApplicable(section)) continue;
    sections.set(name, sectionOf(section, read(section.one(inside))));
  }
  addInterworking(data, sections);
  const known = new Set([...KNOWN.map(([, element]) => element), INTERWORKING]);
  for (const { name } of data.element.children) {
    const section = known.has(name) ? undefined : data.one(name);
    if (section && !isNotApplicable(section)) sections.set(name, sectionOf(section, {}));
  }
  const beside = network.element.children.filter(({ name }) => !CORE.has(name));
  if (beside.length > 0) sections.set('general', { effective: null, content: { other: othersOf(beside) } });
  return Object.fromEntries(sections);
}

const isNotApplicable = ({ element }: Cursor): boolean =>
  element.children.some(({ name }) => name === 'SectionNA');

const sectionOf = (section: Cursor, known: Known): Ir21Section => ({
  effective: effectiveOf(section),
  content: { ...known, other: othersOf(section.left()) },
});

const isDateOfChange = ({ name }: XmlElement): boolean => name === 'EffectiveDateOfChange';

/** The one date of a section or of the element inside it. */
function effectiveOf({ element, path }: Cursor): string | null {
  const places = [element, ...element.children];
  const found = places.flatMap(({ children }) => children.filter(isDateOfChange));
  const [date, second] = new Set(found.map(({ text }) => text));
  if (second !== undefined) throw refuse(path, 'effective-date');
  if (date !== undefined) instantOf(`${date}T00:00:00Z`, `${path}/EffectiveDateOfChange`);
  return date ?? null;
}

function readRouting(info: Cursor): Known {
  const series = info.optional('CCITT_E164_NumberSeries');
  const plmn = info.optional('CCITT_E212_NumberSeries');
  const mgt = info.optional('CCITT_E214_MGT');
  const portability = info.optionalText('DoesNumberPortabilityApply');
  return {
    msisdn: rangesOf(series, 'MSISDN_NumberRanges'),
    gt: rangesOf(series, 'GT_NumberRanges'),
    msrn: rangesOf(series, 'MSRN_NumberRanges'),
    ...(plmn && plmnOf(plmn)),
    ...(mgt && { mgtCc: digits(mgt, 'MGT_CC', 3), mgtNc: digits(mgt, 'MGT_NC', 15) }),
    ...(portability !== undefined && { portability }),
  };
}

function rangesOf(series: Cursor | undefined, name: string): readonly NumberRange[] {
  const data = series?.optional(name)?.many('RangeData') ?? [];
  return sortedBy(data.flatMap((item) => item.many('NumberRange')).map(rangeOf));
}

function rangeOf(at: Cursor): NumberRange {
  const serial = at.optional('SN_Range');
  const from = serial ? digits(serial, 'SN_RangeStart', 15) : null;
  const to = serial ? digits(serial, 'SN_RangeStop', 15) : null;
  const ordered = from === null || to === null || (from.length === to.length && from <= to);
  if (!ordered) throw refuse(`${at.path}/SN_Range`, 'range');
  return { cc: digits(at, 'CC', 3), ndc: digits(at, 'NDC', 15), from, to };
}

function readDataRouting(info: Cursor): Known {
  const providers = info.optional('GRXIPXProvidersList')?.many('GRXIPXProviderItem') ?? [];
  return {
    providers: providers.map((item) => item.text('ProviderName')).sort(),
    addresses: (info.optional('InterPMNBackboneIPList')?.many('IPAddressOrRange') ?? [])
      .map(addressOf)
      .sort(),
    asns: (info.optional('ASNsList')?.many('ASNItem') ?? []).map((item) => asnOf(item.one('ASN'))).sort(),
  };
}

function addressOf(at: Cursor): string {
  const [text, found] = [at.optionalText('IPAddressRange'), at.optionalText('IPAddress')];
  const address = text ?? found ?? '';
  const [host = '', prefix, ...rest] = address.split('/');
  const bits = isIP(host) === 4 ? 32 : 128;
  const isPrefix = prefix === undefined || (/^(0|[1-9][0-9]{0,2})$/.test(prefix) && Number(prefix) <= bits);
  const valid = (text === undefined) !== (found === undefined) && isIP(host) !== 0;
  if (!valid || !isPrefix || rest.length > 0) throw refuse(at.path, 'address');
  return address;
}

function asnOf({ element, path }: Cursor): string {
  if (!/^[1-9][0-9]{0,9}$/.test(element.text) || Number(element.text) > 4_294_967_295)
    throw refuse(path, 'asn');
  return element.text;
}

function readPacketData(info: Cursor): Known {
  const items = info.optional('APNOperatorIdentifierList')?.many('APNOperatorIdentifierItem') ?? [];
  return { apns: items.map((item) => item.text('APNOperatorIdentifier')).sort() };
}

// The other place of ASNs: they belong to data routing, wherever they stand.
function addInterworking(data: Cursor, sections: Map<string, Ir21Section>): void {
  const section = data.optional(INTERWORKING);
  if (!section || isNotApplicable(section)) return;
  const general = section.one('IPRoaming_IW_Info_General');
  const asns = (general.optional('ASNsList')?.many('ASN') ?? []).map(asnOf);
  const effective = effectiveOf(section);
  const before = sections.get('dataRouting') ?? {
    effective,
    content: { providers: [], addresses: [], other: [] },
  };
  if (effective !== null && effective !== before.effective) throw refuse(section.path, 'effective-date');
  sections.set('dataRouting', {
    effective: before.effective,
    content: {
      ...before.content,
      asns: [...new Set([...(before.content.asns ?? []), ...asns])].sort(),
      other: [...before.content.other, ...othersOf(section.left())].sort(),
    },
  });
}

/** MCC and MNC of an element that has both, as ITU-T E.212 has them. @throws AppError invalid_argument */
export function plmnOf(at: Cursor): { readonly mcc: string; readonly mnc: string } {
  const [mcc, mnc] = [at.text('MCC'), at.text('MNC')];
  if (!/^[0-9]{3}$/.test(mcc)) throw refuse(`${at.path}/MCC`, 'mcc');
  if (!/^[0-9]{2,3}$/.test(mnc)) throw refuse(`${at.path}/MNC`, 'mnc');
  return { mcc, mnc };
}

function digits(at: Cursor, name: string, max: number): string {
  const text = at.text(name);
  if (!/^[0-9]+$/.test(text) || text.length > max) throw refuse(`${at.path}/${name}`, 'digits');
  return text;
}

const MAX_TEXT = 4000;
const MAX_LINES = 20_000;

// Dates of change are told once per section: a new date alone is no change. Elements of one name are numbered in the
// order of their content, so that another order of the same elements is no change either.
function othersOf(elements: readonly XmlElement[]): string[] {
  const groups = new Map<string, string[][]>();
  for (const element of elements) {
    if (isDateOfChange(element)) continue;
    const known = groups.get(element.name);
    if (known) known.push(linesOf(element));
    else groups.set(element.name, [linesOf(element)]);
  }
  const lines = [...groups].flatMap(([name, items]) =>
    items.length === 1
      ? (items[0] ?? []).map((line) => name + line)
      : sortedBy(items).flatMap((found, index) => found.map((line) => `${name}/${index}${line}`)),
  );
  if (lines.length > MAX_LINES) throw refuse('/other', 'lines');
  return lines.sort();
}

function linesOf({ children, text }: XmlElement): string[] {
  if (children.length > 0) return othersOf(children).map((line) => `/${line}`);
  const line = ` ${text.replace(/\s+/g, ' ')}`;
  if (line.length > MAX_TEXT) throw refuse('/other', 'length');
  return [line];
}

/** In the order of their JSON texts. */
function sortedBy<T>(items: readonly T[]): T[] {
  const keyed = items.map((item) => ({ item, key: JSON.stringify(item) }));
  return keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)).map(({ item }) => item);
}
