import type { JsonValue } from '@attestel/core';
import { z } from 'zod';
import { fail } from '../../errors.ts';
import { lineId, objectId } from '../payload/payload.schema.ts';

const channel = z.string().min(1).max(64);

/** Encoded, base64url. */
const operation = z.string().max(200_000);

const parcel = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('payload'), channel, line: lineId, kept: z.custom<JsonValue>() }),
  z.strictObject({
    kind: z.literal('erased'),
    channel,
    line: lineId,
    module: z.string().max(64),
    objects: z.array(objectId).min(1).max(16),
    time: z.int().min(0),
    parties: z.array(z.string().max(256)).max(1000),
  }),
  z.strictObject({ kind: z.literal('cosign'), channel, operation, kept: z.custom<JsonValue>() }),
  z.strictObject({ kind: z.literal('cosigned'), channel, operation }),
  z.strictObject({ kind: z.literal('channel-key'), channel, key: lineId }),
  z.strictObject({ kind: z.literal('channel-key-request'), channel }),
  z.strictObject({ kind: z.literal('blind-key-request'), channel }),
  z.strictObject({ kind: z.literal('blind-key'), channel, did: z.string().max(256), key: lineId }),
  z.strictObject({ kind: z.literal('blind-vote'), channel, operation }),
]);

export type Parcel = z.output<typeof parcel>;

/** @throws AppError invalid_argument with a JSON pointer */
export function parseParcel(value: JsonValue): Parcel {
  const parsed = parcel.safeParse(value);
  if (parsed.success) return parsed.data;
  throw fail('invalid_argument', { field: `/${(parsed.error.issues[0]?.path ?? []).map(String).join('/')}` });
}
