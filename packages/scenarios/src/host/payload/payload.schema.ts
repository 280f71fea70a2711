import type { JsonValue } from '@attestel/core';
import { isDid } from '@attestel/did';
import { z } from 'zod';
import { fail } from '../../errors.ts';
import { EVERYONE } from '../../module/module.ts';

const MAX_OBJECTS = 16;
const MAX_PARTIES = 64;
/** Credentials that one command shows, to its parties or to all nodes. */
export const MAX_CREDENTIALS = 64;

const hex = (bytes: number) => z.string().regex(new RegExp(`^[0-9a-f]{${bytes * 2}}$`));
const did = z.string().max(256).refine(isDid, 'must be a DID');
const reader = z.union([did, z.literal(EVERYONE)]);
const name = z.string().regex(/^[a-z][A-Za-z0-9.-]{0,63}$/);
const json = z.custom<JsonValue>((value) => value !== undefined);
const object = z.custom<{ readonly [field: string]: JsonValue }>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
);
const seconds = z.int().min(0);
const keys = z.array(z.string().max(1024)).max(64);

export const objectId = hex(16);
export const lineId = hex(32);
/** A party or a person, whatever its DID method. */
const actor = z.string().regex(/^did:[a-z0-9]+:.{1,512}$/);

const event = z.strictObject({
  type: name,
  object: objectId.optional(),
  data: object,
  parties: z.array(reader).max(MAX_PARTIES),
  unique: keys.optional(),
  hold: keys.optional(),
  release: keys.optional(),
});

const moved = z.strictObject({ id: objectId, prevHead: lineId.nullable() });

const issued = z.strictObject({
  id: objectId,
  type: z.string().max(128),
  subject: actor,
  claims: object,
  until: seconds.nullable(),
  jwt: z.string().max(65_536),
});

export const payloadSchema = z.strictObject({
  v: z.literal(1),
  module: hex(32),
  command: name,
  id: objectId,
  /** As given, but its `items`: they stand beside. */
  data: json,
  party: did,
  actor,
  /** When it was decided, unix seconds. */
  at: seconds,
  parties: z.array(reader).min(1).max(MAX_PARTIES),
  reads: z.array(z.strictObject({ module: name, id: objectId, head: lineId.nullable() })).max(64),
  credentials: z.array(z.string().max(65_536)).max(MAX_CREDENTIALS),
  objects: z.array(moved).min(1).max(MAX_OBJECTS),
  issued: z.array(issued).max(MAX_OBJECTS),
  revoked: z.array(z.strictObject({ id: objectId, prevHead: lineId })).max(MAX_OBJECTS),
  events: z.array(event).min(1).max(64),
  /** Blind: seed of the key made for the object that the line begins. */
  relation: hex(32).optional(),
  batch: z.strictObject({ size: z.int().min(1).max(1_000_000), root: hex(32) }).optional(),
});

/** Everything that a line commits to. */
export type Payload = z.output<typeof payloadSchema>;
export type Issued = z.output<typeof issued>;

const kept = {
  payload: payloadSchema,
  salt: hex(32),
  /** Items of the batch, and what their salts are made from. */
  items: z.array(json).min(1).max(100_000).optional(),
  seed: hex(32).optional(),
  /** Blind: who wrote the line, by a ledger key. */
  proof: z
    .strictObject({ key: z.string().regex(/^(?:[0-9a-f]{68}|[0-9a-f]{70})$/), signature: hex(64) })
    .optional(),
};

/** A payload with what opens its digest: kept by each party, sent to each. */
export type Kept = z.output<ReturnType<typeof keptSchema>>;

/** As part of what carries several payloads. */
export const keptSchema = () => z.strictObject(kept);
const KEPT = keptSchema();

/** @throws AppError invalid_argument with a JSON pointer */
export function parseKept(value: JsonValue): Kept {
  const parsed = KEPT.safeParse(value);
  if (parsed.success) return parsed.data;
  const path = parsed.error.issues[0]?.path ?? [];
  throw fail('invalid_argument', { field: `/${path.map(String).join('/')}` });
}
