import { isChannelName } from '@attestel/registry';
import { z } from 'zod';
import { isGuardedUrl } from './guarded-url.ts';

const did = z
  .string()
  .max(256)
  .regex(/^did:mno:/, 'must be a did:mno');

const name = z.string().min(1).max(64);

/** Where the party's own systems hear what happened, as CloudEvents (specs/scenarios.md). */
const webhook = z.strictObject({
  /** Names its place in what has happened: another id begins anew, at the beginning. */
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,31}$/),
  url: z
    .url()
    .max(2048)
    .refine(isGuardedUrl, 'must be https, or http on a loopback host')
    .refine(hasNoUser, 'must name no user: what proves the sender stands in authorizationFile'),
  /** File whose text is sent as `authorization`; it is read when the node starts. */
  authorizationFile: z.string().min(1).optional(),
  /** Absent: all. */
  channels: z.array(name).max(64).optional(),
  /** Names of modules, without version; absent: all. */
  modules: z.array(name).max(64).optional(),
});

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
  webhooks: z
    .array(webhook)
    .max(16)
    .refine((hooks) => new Set(hooks.map(({ id }) => id)).size === hooks.length, 'must not repeat an id')
    .default([]),
});

/** Whatever is sent nowhere because the address holds a password would be tried for ever. */
function hasNoUser(text: string): boolean {
  return !URL.canParse(text) || new URL(text).username + new URL(text).password === '';
}

export type WebhookConfig = z.output<typeof webhook>;
export type ContractsConfig = z.output<typeof contractsConfigSchema>;
