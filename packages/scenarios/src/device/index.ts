import { deviceFault } from './modules/device-fault.ts';
import { deviceInspection } from './modules/device-inspection.ts';
import { deviceItem } from './modules/device-item.ts';
import { deviceLeague } from './modules/device-league.ts';
import { deviceModel, devicePlan } from './modules/device-model.ts';
import { deviceSensing } from './modules/device-sensing.ts';
import { deviceTemplate } from './modules/device-template.ts';
import { deviceType } from './modules/device-type.ts';

/** Scenario of equipment: modules in the order in which a newcomer meets them. */
export const DEVICE_MODULES = [
  deviceType,
  deviceTemplate,
  deviceItem,
  deviceInspection,
  deviceSensing,
  deviceFault,
  deviceModel,
  devicePlan,
  deviceLeague,
] as const;
