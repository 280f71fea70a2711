import { z } from 'zod';

const did = z
  .string()
  .max(256)
  .regex(/^did:mno:/, 'must be a did:mno');

/** What the member's node runs of the scenarios, and how it reaches the other parties. */
export const contractsConfigSchema = z.strictObject({
  /**
   * Base URLs of other members' nodes by DID; who is not listed is asked at the service `AttestelContracts` of its DID
   * document, which must be https.
   */
  peers: z.record(did, z.url({ protocol: /^https?$/ })).default({}),
});

export type ContractsConfig = z.output<typeof contractsConfigSchema>;
