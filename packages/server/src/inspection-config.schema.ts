import { z } from 'zod';

/** Inspections by phone at this node. */
export const inspectionConfigSchema = z.strictObject({
  /** Channel in which the province's devices, templates and inspections are. */
  channel: z.string().min(1).max(64).default('main'),
  /** Devices that a phone takes along for places without a network, at most. */
  devices: z.int().min(1).max(20_000).default(5000),
});

export type InspectionConfig = z.output<typeof inspectionConfigSchema>;
