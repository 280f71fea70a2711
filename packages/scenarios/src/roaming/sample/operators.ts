/** Invented operators: networks, names, numbers for documentation (RFC 5737, RFC 5398) and PLMNs that nobody has. */
export interface SampleOperator {
  readonly tadig: string;
  readonly country: string;
  readonly name: string;
  readonly mcc: string;
  readonly mnc: string;
  readonly cc: string;
  readonly ndc: string;
  readonly asn: string;
  /** First three parts of its IPv4 addresses. */
  readonly net: string;
  /** Of the creation time of its sheets. */
  readonly zone: string;
}

export const SAMPLE_OPERATORS: readonly SampleOperator[] = [
  {
    tadig: 'JPNXX',
    country: 'JPN',
    name: 'Example Mobile',
    mcc: '440',
    mnc: '99',
    cc: '81',
    ndc: '90',
    asn: '64500',
    net: '203.0.113',
    zone: '+09:00',
  },
  {
    tadig: 'CHNYY',
    country: 'CHN',
    name: 'Sample Telecom',
    mcc: '460',
    mnc: '98',
    cc: '86',
    ndc: '190',
    asn: '64501',
    net: '198.51.100',
    zone: '+08:00',
  },
  {
    tadig: 'KORZZ',
    country: 'KOR',
    name: 'Harbour Wireless',
    mcc: '450',
    mnc: '99',
    cc: '82',
    ndc: '10',
    asn: '64502',
    net: '192.0.2',
    zone: '+09:00',
  },
];

/**
 * RAEX IR.21 XML of an operator, in the shape with a summary list.
 * @param prefix of its IP range, in bits
 * @param effective date of change of data routing
 */
export function sampleSheet(
  operator: SampleOperator,
  {
    created,
    effective,
    prefix,
  }: { readonly created: string; readonly effective: string; readonly prefix: number },
): string {
  const { tadig, country, name, mcc, mnc, cc, ndc, asn, net, zone } = operator;
  const node = (tag: string, ...content: readonly string[]): string => `<${tag}>${content.join('')}</${tag}>`;
  const plmn = node('MCC', mcc) + node('MNC', mnc);
  const type = node('NetworkType', 'Terrestrial');
  const range = node('SN_RangeStart', '00000000') + node('SN_RangeStop', '09999999');
  const msisdn = node('NumberRange', node('CC', cc), node('NDC', ndc), node('SN_Range', range));
  const routing = node(
    'RoutingInfo',
    node('CCITT_E164_NumberSeries', node('MSISDN_NumberRanges', node('RangeData', msisdn))),
    node('CCITT_E212_NumberSeries', plmn),
    node('CCITT_E214_MGT', node('MGT_CC', cc), node('MGT_NC', ndc)),
  );
  const data = node(
    'GRXIPXRoutingForDataRoaming',
    node('EffectiveDateOfChange', effective),
    node('InterPMNBackboneIPList', node('IPAddressOrRange', node('IPAddressRange', `${net}.0/${prefix}`))),
    node('ASNsList', node('ASNItem', node('ASN', asn))),
  );
  const sections = node(
    'NetworkData',
    node('RoutingInfoSection', routing),
    node('GRXIPXRoutingForDataRoamingSection', data),
  );
  const code = node('TADIGCode', tadig);
  const item = node('TADIGSummaryItem', code, node('NetworkProperties', plmn, type));
  const body = node(
    'OrganisationInfo',
    node('OrganisationName', name),
    node('CountryInitials', country),
    node('TADIGSummaryList', item),
    node('NetworkList', node('Network', code, node('NetworkName', name), type, sections)),
  );
  const header = node(
    'RAEXIR21FileHeader',
    node('FileCreationTimestamp', `${created}T08:00:00${zone}`),
    node('SenderTADIG', tadig),
  );
  const namespace = 'xmlns:tadig-raex-21="https://infocentre.gsm.org/TADIG-RAEX-IR21"';
  const root = 'tadig-raex-21:TADIGRAEXIR21';
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${root} ${namespace}>${header}${body}</${root}>\n`;
}
