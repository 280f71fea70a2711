import { EVERYONE, type JsonObject, type ModuleEvent } from '../module/module.ts';
import { type Common, partiesOf } from './declaration.ts';

/** An event that all parties of the object, and whoever becomes one, are told of. */
export function tell(state: Common | undefined, { type, data, also = [], ...tokens }: Told): ModuleEvent {
  const parties = partiesOf(...(state?.parties ?? []), ...also);
  return { type, data, parties: parties.includes(EVERYONE) ? [EVERYONE] : parties, ...tokens };
}

export interface Told extends Pick<ModuleEvent, 'object' | 'unique' | 'hold' | 'release'> {
  readonly type: string;
  readonly data: JsonObject;
  /** Who becomes a party by it. */
  readonly also?: readonly string[];
}
