import type { JsonSchema } from '../module/module.ts';
import { oneOf } from '../module/shapes.ts';

/** What is used abroad, and what it is counted in. */
const UNITS: ReadonlyMap<string, string> = new Map([
  ['MOC Local', 'min'],
  ['MOC Back Home', 'min'],
  ['MOC International', 'min'],
  ['MOC Premium', 'min'],
  ['MOC ROW', 'min'],
  ['MOC EU', 'min'],
  ['MOC EEA', 'min'],
  ['MOC Satellite', 'min'],
  ['MOC Video Telephony', 'min'],
  ['MOC Special Destinations', 'min'],
  ['MTC', 'min'],
  ['SMS MO', 'SMS'],
  ['SMS MT', 'SMS'],
  ['GPRS', 'MB'],
  ['M2M', 'MB'],
  ['NB-IOT', 'MB'],
  ['LTE-M', 'MB'],
  ['VoLTE', 'MB'],
  ['ViLTE', 'MB'],
  ['Signalling', 'MB'],
  ['Network Access', 'IMSI'],
]);

export const SERVICES: readonly string[] = [...UNITS.keys()];

export const SERVICE: JsonSchema = oneOf(...SERVICES);

export const UNIT: JsonSchema = oneOf(...new Set(UNITS.values()));

/** @returns undefined for what is no service */
export const unitOf = (service: string): string | undefined => UNITS.get(service);
