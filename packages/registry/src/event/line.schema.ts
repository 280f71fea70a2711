import { type CborValue, canonicalizeJson, isMultikey, type JsonValue, toHex, utf8 } from '@attestel/core';
import { z } from 'zod';
import { bytesOf, isDistinct } from '../rules/bytes.schema.ts';
import { did } from '../rules/did.schema.ts';

const MAX_HEADS = 16;
const MAX_TOKENS = 64;
/** Parties that sign: an operation carries at most 16 signatures. */
const MAX_PARTIES = 16;
export const MAX_BATCH = 1_000_000;
/** Bytes of a shared payload in JCS: bounds the steps of the decider that reads it. */
const MAX_SHARED_PAYLOAD_BYTES = 65_536;
export const DIGEST_BYTES = 32;
export const SALT_BYTES = 32;

const digest = bytesOf(DIGEST_BYTES);
const count = z.int().min(1).max(MAX_PARTIES);
const key = z.custom<Uint8Array>(
  (value) => value instanceof Uint8Array && isMultikey(value),
  'must be an Ed25519 or compressed P-256 multikey',
);

const rule = z
  .strictObject({
    threshold: count,
    resolution: count,
    dids: z
      .array(did)
      .max(MAX_PARTIES)
      .refine((list) => isDistinct(list, String), 'must not repeat a DID'),
    keys: z
      .array(key)
      .max(MAX_PARTIES)
      .refine((list) => isDistinct(list, toHex), 'must not repeat a key'),
    roles: z
      .array(
        z.enum([
          'operator',
          'vendor',
          'regulator',
          'auditor',
          'tower-company',
          'platform',
          'app',
          'bridge',
          'governor',
          'writer',
        ]),
      )
      .max(MAX_PARTIES)
      .refine((list) => isDistinct(list, String), 'must not repeat a role'),
  })
  .refine((r) => r.resolution >= r.threshold, {
    path: ['resolution'],
    message: 'must not be below the threshold',
  })
  // An object that nobody could ever move again would be a mistake, not a rule.
  .refine((r) => r.roles.some((role) => role !== 'writer') || r.resolution <= countNamed(r), {
    path: ['resolution'],
    message: 'must not exceed the number of DIDs and keys, and the writer that acts',
  });

/** Parties of a rule whose only role can be `writer`: of those, one acts in a line. */
function countNamed(rule: Record<'dids' | 'keys' | 'roles', readonly unknown[]>): number {
  return rule.dids.length + rule.keys.length + rule.roles.length;
}

const head = z
  .strictObject({ ref: digest, prevHead: digest.nullable(), rule: rule.nullable() })
  .refine((h) => h.prevHead !== null || h.rule !== null, {
    path: ['rule'],
    message: 'must be there in the first line of an object',
  });

const tokens = z
  .array(digest)
  .max(MAX_TOKENS)
  .refine((list) => isDistinct(list, toHex), 'must not repeat a token');

const payload = z.custom<{ readonly [field: string]: CborValue }>(
  isSharedPayload,
  `must be a map of JSON values of at most ${MAX_SHARED_PAYLOAD_BYTES} bytes in JCS`,
);

const line = z
  .strictObject({
    heads: z
      .array(head)
      .min(1)
      .max(MAX_HEADS)
      .refine((list) => isDistinct(list, ({ ref }) => toHex(ref)), 'must not repeat a ref'),
    /** Taken for ever. */
    unique: tokens,
    /** Taken until released. */
    hold: tokens,
    release: tokens,
    moduleDigest: digest.nullable(),
    digest,
    batch: z.strictObject({ size: z.int().min(1).max(MAX_BATCH), root: digest }).nullable(),
    shared: z.strictObject({ salt: bytesOf(SALT_BYTES), payload }).nullable(),
  })
  .refine((l) => isDistinct([...l.unique, ...l.hold], toHex), {
    path: ['hold'],
    message: 'must not repeat a token of unique',
  })
  .refine((l) => l.shared === null || l.moduleDigest !== null, {
    path: ['moduleDigest'],
    message: 'must be there where the payload is shared',
  })
  // Nodes would vouch for items that they have not seen.
  .refine((l) => l.shared === null || l.batch === null, {
    path: ['batch'],
    message: 'must be null where the payload is shared',
  });

const dispute = z.strictObject({ ref: digest, head: digest, digest });

/** Body of each kind of operation: strict, because what is signed must have one meaning. */
export const LINE_BODIES = { line, dispute } as const;

export type LineBody = z.output<typeof line>;
export type DisputeBody = z.output<typeof dispute>;

function isSharedPayload(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  try {
    // Refuses bytes: the digest is over JSON.
    return utf8(canonicalizeJson(value as JsonValue)).length <= MAX_SHARED_PAYLOAD_BYTES;
  } catch {
    return false;
  }
}
