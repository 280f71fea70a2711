import { z } from 'zod';
import { bytesOf } from '../rules/bytes.schema.ts';

/** Enough for a note with 64 cosignatures. */
const MAX_NOTE = 16_384;
const MAX_POLICY = 16_384;
/** A consistency proof between sizes below 2^53 is shorter. */
const MAX_PROOF = 64;
const HASH_BYTES = 32;

const origin = z
  .string()
  .max(128)
  .regex(/^[a-z0-9][a-z0-9.-]*(?:\/[a-z0-9][a-z0-9.-]*)*$/, 'must be segments of a-z 0-9 . - joined by /');
const policy = z.string().min(1).max(MAX_POLICY);
const note = z.string().min(1).max(MAX_NOTE);
const size = z.int().min(0);
const hash = bytesOf(HASH_BYTES);

/** Body of each kind of operation: strict, because what is signed must have one meaning. */
export const SUB_LEDGER_BODIES = {
  register: z.strictObject({ origin, policy }),
  policy: z.strictObject({ origin, policy }),
  anchor: z.strictObject({
    origin,
    oldSize: size,
    newSize: size,
    root: hash,
    note,
    proof: z.array(hash).max(MAX_PROOF),
  }),
  fork: z.strictObject({ origin, note }),
} as const;

export type SubLedgerKind = keyof typeof SUB_LEDGER_BODIES;
export type SubLedgerBody<K extends SubLedgerKind> = z.output<(typeof SUB_LEDGER_BODIES)[K]>;
