/** RAEX IR.21 of an invented network, in either of the shapes in use. */
export interface SheetOptions {
  readonly shape: 'summary' | 'networks';
  readonly range?: string;
  readonly effective?: string;
  readonly sender?: string;
  readonly created?: string;
  /** XML that stands beside the sections. */
  readonly beside?: string;
}

export function sheetXml(options: SheetOptions): string {
  const { shape, sender = 'JPNXX', created = '2026-11-01T08:00:00+09:00', beside = '' } = options;
  const { range = '203.0.113.0/24', effective = '2026-12-15' } = options;
  const summary =
    '<TADIGSummaryList><TADIGSummaryItem><TADIGCode>JPNXX</TADIGCode><NetworkProperties><MCC>440</MCC><MNC>99</MNC>' +
    '<NetworkType>Terrestrial</NetworkType></NetworkProperties></TADIGSummaryItem></TADIGSummaryList>';
  const plmn = '<CCITT_E212_NumberSeries><MCC>440</MCC><MNC>99</MNC></CCITT_E212_NumberSeries>';
  const grx = '<ASNsList><ASNItem><ASN>64500</ASN></ASNItem></ASNsList>';
  const interworking =
    '<IPRoaming_IW_InfoSection><IPRoaming_IW_Info_General><ASNsList><ASN>64500</ASN></ASNsList>' +
    '</IPRoaming_IW_Info_General></IPRoaming_IW_InfoSection>';
  const isSummary = shape === 'summary';
  return `<?xml version="1.0" encoding="UTF-8"?>
<tadig-raex-21:TADIGRAEXIR21 xmlns:tadig-raex-21="https://infocentre.gsm.org/TADIG-RAEX-IR21">
<RAEXIR21FileHeader><FileCreationTimestamp>${created}</FileCreationTimestamp><SenderTADIG>${sender}</SenderTADIG></RAEXIR21FileHeader>
<OrganisationInfo><OrganisationName>Example Mobile</OrganisationName><CountryInitials>JPN</CountryInitials>
${isSummary ? summary : ''}
<NetworkList><Network><TADIGCode>JPNXX</TADIGCode><NetworkName>Example Mobile</NetworkName><NetworkType>Terrestrial</NetworkType>
<NetworkData>
<RoutingInfoSection><RoutingInfo>
<CCITT_E164_NumberSeries><MSISDN_NumberRanges><RangeData><NumberRange><CC>81</CC><NDC>90</NDC>
<SN_Range><SN_RangeStart>00000000</SN_RangeStart><SN_RangeStop>09999999</SN_RangeStop></SN_Range></NumberRange></RangeData></MSISDN_NumberRanges></CCITT_E164_NumberSeries>
${plmn}<CCITT_E214_MGT><MGT_CC>81</MGT_CC><MGT_NC>90</MGT_NC></CCITT_E214_MGT>
</RoutingInfo></RoutingInfoSection>
<GRXIPXRoutingForDataRoamingSection><GRXIPXRoutingForDataRoaming>
<EffectiveDateOfChange>${effective}</EffectiveDateOfChange>
<InterPMNBackboneIPList><IPAddressOrRange><IPAddressRange>${range}</IPAddressRange></IPAddressOrRange></InterPMNBackboneIPList>
${isSummary ? grx : ''}</GRXIPXRoutingForDataRoaming></GRXIPXRoutingForDataRoamingSection>
${isSummary ? '' : interworking}
<CAMELInfoSection><SectionNA>Section not applicable</SectionNA></CAMELInfoSection>
${beside}</NetworkData></Network></NetworkList></OrganisationInfo></tadig-raex-21:TADIGRAEXIR21>
`;
}
