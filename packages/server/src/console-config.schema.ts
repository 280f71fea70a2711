import { z } from 'zod';

/** The console for the operator's staff. */
export const consoleConfigSchema = z.strictObject({
  /** DIDs besides the member's own that may sign in: its agents. They see and may what modules let them. */
  dids: z
    .array(
      z
        .string()
        .max(256)
        .regex(/^did:[a-z0-9]+:/, 'must be a DID'),
    )
    .max(64)
    .default([]),
  /** How long somebody stays signed in. */
  sessionMinutes: z.int().min(1).max(720).default(60),
});

export type ConsoleConfig = z.output<typeof consoleConfigSchema>;
