import { isMultikey } from '@attestel/core';
import { z } from 'zod';
import { bytesOf, bytesUpTo, hash } from '../rules/bytes.schema.ts';
import { did } from '../rules/did.schema.ts';
import { ROLES } from '../rules/roles.ts';
import { scopeSchema, slice } from '../rules/scope.ts';
import { serialRangeSchema } from '../rules/serial-range.ts';

// An operation carries at most 16 signatures.
const MAX_VOTERS = 16;
const MAX_ANCHOR_BYTES = 4096;
/** What fits into an operation of 900 kB with its attachments is fewer. */
export const MAX_ITEMS = 1500;
const MAX_STATUS_ITEMS = 1000;
const MAX_BATCH = 1_000_000;
const MAX_LIST = 32;

const v = z.literal(1);
const time = z.int().min(0);
const none = z.null();
const distinct = <T extends z.ZodType>(item: T, min: number, max: number) =>
  z
    .array(item)
    .min(min)
    .max(max)
    .refine((list) => new Set(list.map(String)).size === list.length, 'must not repeat an entry');

/** Members that decide, by name: whoever is listed must sign, and nobody else's signature counts. */
const voters = distinct(did, 1, MAX_VOTERS);
/** Hashes of certificates, batches and the like, each once. */
const hashes = (max: number) => distinct(hash, 1, max);

export const batchTerms = {
  /** Anchor of the vendor whose range this is. */
  anchor: hash,
  product: z.string().regex(/^[\x20-\x7e]{1,80}$/, 'must be 1 to 80 printable ASCII characters'),
  /** Tells two authorisations of the same terms apart, such as an order number. */
  number: z.string().regex(/^[\x21-\x7e]{1,40}$/, 'must be 1 to 40 visible ASCII characters'),
  count: z.int().min(1).max(MAX_BATCH),
  serials: serialRangeSchema,
  /** Key of the production line, which may submit for this batch and do nothing else. */
  line: z
    .custom<Uint8Array>((key) => key instanceof Uint8Array && isMultikey(key), 'must be a multikey')
    .nullable(),
  expiry: time,
  /** Operator that the goods are for, which may submit them too. */
  destination: did.nullable(),
};

export type ItemFacts = z.output<typeof itemFacts>;

/** certificate, leaf, key, issuer and serial, device, not before, not after, replaced, origin */
const itemFacts = z.tuple([
  hash,
  hash,
  hash,
  hash,
  hash.nullable(),
  time,
  time,
  hash.nullable(),
  hash.nullable(),
]);

/** Code under which the checks that need no state refused an item. */
const itemRefusal = z.string().regex(/^[a-z][a-z0-9_]{2,40}$/, 'must be an error code');

const reason = z.enum([
  'unspecified',
  'key-compromise',
  'ca-compromise',
  'affiliation-changed',
  'cessation-of-operation',
  'privilege-withdrawn',
  'clone-detected',
  'lost-or-stolen',
]);
export type StatusReason = z.output<typeof reason>;

/** Body of each kind of operation: strict, because what is signed must have one meaning. */
export const BODIES = {
  challenge: z.strictObject({ v, salt: bytesOf(32) }),
  'anchor.admit': z.strictObject({
    v,
    /** DER; null for a vendor without a CA, whose devices sign their own certificates. */
    certificate: bytesUpTo(MAX_ANCHOR_BYTES).nullable(),
    scope: scopeSchema,
    from: time,
    until: time.nullable(),
    /** Anchor of the same owner that ends when this one has begun. */
    replaces: z.strictObject({ anchor: hash, until: time }).nullable(),
    voters,
  }),
  'anchor.retire': z.strictObject({ v, anchor: hash, until: time, voters }),
  'anchor.suspend': z.strictObject({ v, anchor: hash, reason, voters }),
  'anchor.resume': z.strictObject({ v, anchor: hash, voters }),
  'batch.authorise': z.strictObject({ v, ...batchTerms }),
  'batch.suspend': z.strictObject({ v, batch: hash, reason }),
  'batch.resume': z.strictObject({ v, batch: hash, voters }),
  submit: z.strictObject({
    v,
    anchor: hash,
    scope: hash,
    batch: hash.nullable(),
    role: z.enum(ROLES),
    challenge: hash,
    /**
     * Vendor's anchor and scope under which the origins of devices stand; not chained: self-signed, so published;
     * delivered: published in batches that the vendor destined for the submitter.
     */
    source: z
      .strictObject({ anchor: hash, scope: hash, chained: z.boolean(), delivered: z.boolean() })
      .nullable(),
    /** Which part of which submission this is; a pallet does not fit into one operation. */
    part: z.strictObject({ submission: bytesOf(16), number: z.int().min(0).max(9999) }).nullable(),
    items: z
      .array(z.union([itemFacts, itemRefusal]))
      .min(1)
      .max(MAX_ITEMS),
  }),
  'status.suspend': z.strictObject({ v, certificates: hashes(MAX_STATUS_ITEMS), reason }),
  'status.revoke': z.strictObject({
    v,
    certificates: hashes(MAX_STATUS_ITEMS),
    reason,
    voters: voters.nullable(),
  }),
  'status.resume': z.strictObject({ v, certificates: hashes(MAX_STATUS_ITEMS), voters }),
  'status.supersede': z.strictObject({ v, certificate: hash, successor: hash, overlap: time }),
  'cell.admit': z.strictObject({ v, cell: hash, gateway: hash, site: hash, until: time }),
  'cell.remove': z.strictObject({ v, cell: hash, gateway: hash, site: hash, reason }),
  /** Tokens of certificates that hold tunnels at the operator's gateways in an epoch; see rules/sightings.ts. */
  'sighting.report': z.strictObject({ v, epoch: time, tokens: hashes(MAX_STATUS_ITEMS) }),
  'relation.sign': z
    .strictObject({
      v,
      parties: z.tuple([did, did]),
      anchors: z.tuple([hashes(MAX_LIST), hashes(MAX_LIST)]),
      nfTypes: distinct(z.string().regex(/^[A-Z0-9_]{1,32}$/, 'must be an NF type'), 1, MAX_LIST),
      slices: distinct(slice, 0, MAX_LIST),
      from: time,
      until: time,
      salt: bytesOf(16),
    })
    .refine(({ parties }) => parties[0] < parties[1], { path: ['parties'], message: 'must ascend' }),
  'relation.end': z.strictObject({
    v,
    relation: hash,
    until: time,
    reason: none.or(z.string().regex(/^[\x20-\x7e]{1,80}$/)),
  }),
} as const;

export type PkiKind = keyof typeof BODIES;
export type PkiBody<K extends PkiKind> = z.output<(typeof BODIES)[K]>;
export type BatchTerms = Omit<PkiBody<'batch.authorise'>, 'v'>;
