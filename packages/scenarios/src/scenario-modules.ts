import { DATA_MODULES } from './data/index.ts';
import { DEVICE_MODULES } from './device/index.ts';
import type { Module } from './module/module.ts';
import { ROAMING_MODULES } from './roaming/index.ts';

/** Modules of all scenarios: what hosts offer, and, where they say `shared`, what nodes can execute. */
export const SCENARIO_MODULES = [
  ...DEVICE_MODULES,
  ...ROAMING_MODULES,
  ...DATA_MODULES,
] as unknown as readonly Module[];
