import type { JsonValue } from '@attestel/core';
import { z } from 'zod';
import { fail } from '../../errors.ts';
import { type Kept, keptSchema, lineId, objectId } from '../payload/payload.schema.ts';

/** Lines of one object, at most: what a stranger sends is worked through line by line. */
export const MAX_EVIDENCE_LINES = 20_000;
/** What nodes send and take as evidence of one object, at most. */
export const MAX_EVIDENCE_BYTES = 16_777_216;

/** A line of an object with what opens its digest; null: erased, or not for whoever asks. */
export interface EvidenceLine {
  /** Hex. */
  readonly line: string;
  readonly kept: Kept | null;
}

/** An object by its lines, oldest first: whoever has the ledger can make its state from them and believe nobody. */
export interface ObjectEvidence {
  readonly v: 1;
  readonly channel: string;
  /** Name of the module, such as `data.consent`. */
  readonly module: string;
  readonly id: string;
  readonly lines: readonly EvidenceLine[];
}

const evidenceSchema = z.strictObject({
  v: z.literal(1),
  channel: z.string().max(64),
  module: z.string().max(128),
  id: objectId,
  lines: z
    .array(z.strictObject({ line: lineId, kept: keptSchema().nullable() }))
    .min(1)
    .max(MAX_EVIDENCE_LINES),
});

/** @throws AppError invalid_argument with a JSON pointer */
export function parseEvidence(value: JsonValue, field = ''): ObjectEvidence {
  const parsed = evidenceSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const path = parsed.error.issues[0]?.path ?? [];
  throw fail('invalid_argument', { field: `${field}/${path.map(String).join('/')}` });
}
