import { toHex } from '@attestel/core';
import { z } from 'zod';
import { bytesOf, isDistinct } from '../rules/bytes.schema.ts';
import { did } from '../rules/did.schema.ts';
import { isChannelName, MAIN_CHANNEL } from './channel-name.ts';

// An operation carries at most 16 signatures, so that a higher threshold could never be met.
const MAX_GOVERNORS = 16;
/** A longer list is set in several operations. */
const MAX_MEMBERS = 100;
const MAX_SHARED = 16;
const DIGEST_BYTES = 32;

const name = z.string().refine(isChannelName, 'must be 1 to 4 segments of a-z 0-9 - joined by /');
const time = z.int().min(0);
const validity = z
  .strictObject({ from: time, until: time.nullable() })
  .refine(({ from, until }) => until === null || until > from, 'until must be after from');

const dids = (max: number) =>
  z
    .array(did)
    .min(1)
    .max(max)
    .refine((list) => isDistinct(list, String), 'must not repeat a DID');

const members = z
  .array(z.strictObject({ did, role: z.enum(['writer', 'reader']), validity }))
  .max(MAX_MEMBERS)
  .refine((list) => isDistinct(list, (member) => member.did), 'must not repeat a DID');

const channel = {
  channel: name,
  governors: dids(MAX_GOVERNORS),
  threshold: z.int().min(1).max(MAX_GOVERNORS),
  read: z.enum(['members', 'public']),
  shared: z
    .array(bytesOf(DIGEST_BYTES))
    .max(MAX_SHARED)
    .refine((list) => isDistinct(list, toHex), 'must not repeat a digest'),
  validity,
};

const isDecidable = (body: { readonly threshold: number; readonly governors: readonly string[] }): boolean =>
  body.threshold <= body.governors.length;
const UNDECIDABLE = { path: ['threshold'], message: 'must not exceed the number of governors' };

/** Body of each kind of operation: strict, because what is signed must have one meaning. */
export const CHANNEL_BODIES = {
  open: z.strictObject({ ...channel, members }).refine(isDecidable, UNDECIDABLE),
  govern: z.strictObject(channel).refine(isDecidable, UNDECIDABLE),
  'members.set': z.strictObject({
    channel: name,
    members: members.refine((list) => list.length > 0, 'must not be empty'),
  }),
  'members.remove': z.strictObject({ channel: name, dids: dids(MAX_MEMBERS) }),
  key: z.strictObject({
    channel: z.union([z.literal(MAIN_CHANNEL), name]),
    commitment: bytesOf(DIGEST_BYTES),
  }),
} as const;

export type ChannelKind = keyof typeof CHANNEL_BODIES;
export type ChannelBody<K extends ChannelKind> = z.output<(typeof CHANNEL_BODIES)[K]>;
