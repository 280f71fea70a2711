import { instantOf } from '../../module/instant.ts';
import { tadigOf } from '../tadig.ts';
import { type Cursor, cursorOf, refuse } from '../xml/element.ts';
import { readXml } from '../xml/read-xml.ts';
import type { Ir21, Ir21Network } from './normal-form.ts';
import { plmnOf, readSections } from './read-sections.ts';

const NAMESPACE = 'https://infocentre.gsm.org/TADIG-RAEX-IR21';

/** A network that does not say which way its roaming goes has it both ways. */
const BOTH = ['HPMN', 'VPMN'];

/**
 * Reads RAEX IR.21 XML. Two shapes are in use: with TADIGSummaryList, or with NetworkList alone, whose E.212 series then
 * tells MCC and MNC; ASNs stand in the GRX/IPX section or in IPRoaming_IW_InfoSection. Both give one normal form.
 * What this reader has no field for is kept by name, so that a change of it is seen.
 * @throws AppError invalid_argument: XML, root, namespace, missing or contradicting fields, with the element's path
 */
export function readIr21(xml: string): Ir21 {
  const root = cursorOf(readXml(xml, { root: 'TADIGRAEXIR21', namespace: NAMESPACE, unqualified: true }));
  const header = root.one('RAEXIR21FileHeader');
  const info = root.one('OrganisationInfo');
  const summary = readSummary(info);
  const networks = readNetworks(info, summary);
  if (networks.length === 0) throw refuse(info.path, 'no-network');
  const country = info.text('CountryInitials');
  if (!/^[A-Z]{3}$/.test(country)) throw refuse(`${info.path}/CountryInitials`, 'country');
  return {
    sender: tadigOf(header.text('SenderTADIG'), `${header.path}/SenderTADIG`),
    created: timestampOf(header),
    organisation: boundedText(info, 'OrganisationName'),
    country,
    networks: networks.sort((a, b) => (a.tadig < b.tadig ? -1 : 1)),
  };
}

interface Summary {
  readonly mcc: string;
  readonly mnc: string;
  readonly type: string;
  readonly roles: readonly string[];
}

function readSummary(info: Cursor): ReadonlyMap<string, Summary> {
  const found = new Map<string, Summary>();
  for (const item of info.optional('TADIGSummaryList')?.many('TADIGSummaryItem') ?? []) {
    const tadig = tadigOf(item.text('TADIGCode'), `${item.path}/TADIGCode`);
    if (found.has(tadig)) throw refuse(item.path, 'repeated');
    const properties = item.one('NetworkProperties');
    found.set(tadig, {
      ...plmnOf(properties),
      type: boundedText(properties, 'NetworkType'),
      roles: rolesOf(properties),
    });
  }
  return found;
}

function rolesOf(properties: Cursor): readonly string[] {
  const said = properties.optional('VPMNHPMNList')?.many('VPMNHPMN') ?? [];
  const roles = [...new Set(said.flatMap(({ element }) => element.text.split('/')))].sort();
  if (roles.some((role) => !BOTH.includes(role))) throw refuse(properties.path, 'role');
  return roles.length === 0 ? BOTH : roles;
}

function readNetworks(info: Cursor, summary: ReadonlyMap<string, Summary>): Ir21Network[] {
  const found = new Map<string, Ir21Network>();
  for (const network of info.one('NetworkList').many('Network')) {
    const read = readNetwork(network, summary);
    if (found.has(read.tadig)) throw refuse(network.path, 'repeated');
    found.set(read.tadig, read);
  }
  for (const tadig of summary.keys())
    if (!found.has(tadig)) throw refuse(`${info.path}/TADIGSummaryList`, 'network-without-data');
  return [...found.values()];
}

function readNetwork(network: Cursor, summary: ReadonlyMap<string, Summary>): Ir21Network {
  const tadig = tadigOf(network.text('TADIGCode'), `${network.path}/TADIGCode`);
  const listed = summary.get(tadig);
  const type = boundedText(network, 'NetworkType');
  const sections = readSections(network);
  const { mcc = listed?.mcc, mnc = listed?.mnc } = sections.routing?.content ?? {};
  if (!mcc || !mnc) throw refuse(`${network.path}/NetworkData`, 'plmn');
  if (listed && (listed.mcc !== mcc || listed.mnc !== mnc || listed.type !== type))
    throw refuse(network.path, 'contradicts-summary');
  return {
    tadig,
    name: boundedText(network, 'NetworkName'),
    type,
    mcc,
    mnc,
    roles: listed?.roles ?? BOTH,
    sections,
  };
}

function boundedText(at: Cursor, name: string): string {
  const text = at.text(name);
  if (text.length > 256) throw refuse(`${at.path}/${name}`, 'length');
  return text;
}

// XML Schema allows fractions of a second; the ledger's clock has none.
function timestampOf(header: Cursor): string {
  const field = `${header.path}/FileCreationTimestamp`;
  const text = header.text('FileCreationTimestamp').replace(/(:\d\d)\.\d{1,9}(?=Z|[+-])/, '$1');
  instantOf(text, field);
  return text;
}
