import type { SampleOperator } from '@attestel/scenarios';

/** Networks of the demo's operators. PLMNs, numbers and addresses are nobody's (RFC 5737, RFC 5398). */
export const ROAMING_OPERATORS: readonly (SampleOperator & { readonly id: string })[] = [
  {
    ...{ id: 'zhonglian', tadig: 'CHNZL', country: 'CHN', name: 'Zhonglian Mobile', mcc: '460', mnc: '97' },
    ...{ cc: '86', ndc: '190', asn: '64501', net: '198.51.100', zone: '+08:00' },
  },
  {
    ...{ id: 'huatong', tadig: 'HKGHT', country: 'HKG', name: 'Huatong Telecom', mcc: '454', mnc: '97' },
    ...{ cc: '852', ndc: '70', asn: '64502', net: '192.0.2', zone: '+08:00' },
  },
  {
    ...{ id: 'xinyuan', tadig: 'SGPXY', country: 'SGP', name: 'Xinyuan Networks', mcc: '525', mnc: '97' },
    ...{ cc: '65', ndc: '8', asn: '64503', net: '203.0.113', zone: '+08:00' },
  },
];
