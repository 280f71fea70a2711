import type { JsonValue } from '@attestel/core';
import type { AssetState } from '../../kinds/asset.ts';
import { validatorOf } from '../../module/schemas.ts';
import { type DeviceFacts, deviceItem } from '../modules/device-item.ts';

/** A device as a node shows it. */
export interface DeviceRecord {
  /** 32 hex digits. */
  readonly id: string;
  readonly state: AssetState<DeviceFacts>;
}

/** Parameters of `device.item register` from what a file says. @throws AppError invalid_argument with a pointer below `at` */
export function checkFacts(facts: { readonly [field: string]: JsonValue }, at: string): DeviceFacts {
  validatorOf(deviceItem.commands.register?.schema ?? {})({ facts }, at);
  return facts as unknown as DeviceFacts;
}
