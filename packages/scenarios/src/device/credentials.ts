import type { Module } from '../module/module.ts';
import { DID, OBJECT_ID, said, shape, text } from '../module/shapes.ts';

const PROVINCE = said(text(16), { 'zh-CN': '省份代码', en: 'Code of the province' });

type Credentials = Module['credentials'];

/** The group: publishes types, models; reads all. */
export const GROUP_UNIT = {
  GroupUnit: {
    schema: shape({ name: text(100) }),
    trust: { by: 'governor' },
  },
} as const satisfies Credentials;

/** A province: registers and inspects its own. The group is told of all it does. */
export const PROVINCE_UNIT = {
  ProvinceUnit: {
    schema: shape({ province: PROVINCE, group: said(DID, { 'zh-CN': '集团', en: 'The group' }) }),
    trust: { by: 'governor' },
  },
} as const satisfies Credentials;

/** A field worker, or a sensor, that a province has appointed. */
export const FIELD_WORK = {
  Inspector: {
    schema: shape({ province: PROVINCE }),
    trust: { by: 'holder', of: 'ProvinceUnit', same: ['province'] },
  },
  Sensor: {
    schema: shape({ province: PROVINCE, site: text(64) }),
    trust: { by: 'holder', of: 'ProvinceUnit', same: ['province'] },
  },
} as const satisfies Credentials;

/** A device that is registered: what a gateway asks it for. */
export const DEVICE_IDENTITY = {
  DeviceIdentity: {
    schema: shape({ device: OBJECT_ID, vendor: text(64), serial: text(64), province: PROVINCE }),
    trust: { by: 'module', module: 'device.item' },
  },
} as const satisfies Credentials;
