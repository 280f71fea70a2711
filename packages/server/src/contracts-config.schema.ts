import { isChannelName } from '@attestel/registry';
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
  /**
   * Channels whose lines may name nobody (specs/scenarios.md, Blind): as one of their governors, this node makes or
   * votes for the DID in whose name all writers write them. Nodes of other members need not name them.
   */
  blindChannels: z
    .array(z.string().refine(isChannelName, 'must be the name of a channel'))
    .max(64)
    .default([]),
});

export type ContractsConfig = z.output<typeof contractsConfigSchema>;
