import { DATA_MODULES, DEVICE_MODULES, type Module, ROAMING_MODULES } from '@attestel/scenarios';

/** Modules of all scenarios: what contract roles offer, and what nodes can execute. */
export const SCENARIO_MODULES = [
  ...DEVICE_MODULES,
  ...ROAMING_MODULES,
  ...DATA_MODULES,
] as unknown as readonly Module[];
